use mole::batch::Loader;
use mole::data;
use mole::device::{self, DeviceKind};
use mole::estimators::{Dim, LocalForm};
use mole::layers::{Conv, MaxPool, Relu};
use mole::network::Network;
use mole::plan::{ModulePlan, Objective, StagePlan, Target, presets};
use mole::rng::Seed;
use mole::stage::Stage;
use std::rc::Rc;

pub async fn train() -> Result<Network, Box<dyn std::error::Error>> {
    let seed = Seed(7);
    let source = data::source("glyphs")?;
    let dataset = Rc::new(source.load(&data::Files::default(), seed)?.with_at_most(200, seed));

    let mut plan = presets::find("glyphs/dim+mine").ok_or("no such plan")?;
    plan.stages.iter_mut().for_each(|stage| stage.epochs = 1);
    plan.modules[1] = ModulePlan {
        layers: vec![
            Conv { channels: 16, kernel: 5, padding: 2 }.into(),
            Relu {}.into(),
            MaxPool { size: 2 }.into(),
        ],
    };
    plan.stages[1] = StagePlan {
        modules: 1..2,
        objective: Objective::Information {
            target: Target::Input,
            estimator: Dim {
                form: LocalForm::InfoNce { own: None },
                units: 64,
                hidden: 128,
                patch: 4,
                stride: 2,
                prior: 0.0,
            }
            .into(),
        },
        epochs: 1,
        batch: Some(64),
        rate: 0.001,
        weight_decay: 0.0,
        clip: Some(5.0),
    };
    let plan = plan.with_batches_within(dataset.splits.train.len());
    let plan = plan.check(&dataset)?;

    let device = device::open(DeviceKind::Cpu).await?;
    let mut network = Network::new(&plan, seed, &device);
    let train = dataset.splits.train.len();
    let loader = Loader::new(dataset, &device);
    for index in 0..=1 {
        let mut stage = Stage::new(&plan, index, train, seed, &device);
        while !stage.is_done() {
            stage.step(&mut network, &loader, 0).await?;
        }
    }
    Ok(network)
}
