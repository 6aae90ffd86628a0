use mole::batch::Loader;
use mole::data;
use mole::device::{self, DeviceKind};
use mole::estimators::Gmi;
use mole::layers::{Gcn, Relu};
use mole::network::Network;
use mole::plan::{ModulePlan, Objective, StagePlan, Target, presets};
use mole::rng::Seed;
use mole::stage::Stage;
use std::rc::Rc;

pub async fn train() -> Result<Network, Box<dyn std::error::Error>> {
    let seed = Seed(7);
    let source = data::source("community")?;
    let dataset = Rc::new(source.load(&data::Files::default(), seed)?.with_at_most(200, seed));

    let mut plan = presets::find("community/gmi+mine").ok_or("no such plan")?;
    plan.stages.iter_mut().for_each(|stage| stage.epochs = 1);
    plan.modules[0] = ModulePlan { layers: vec![Gcn { width: 32 }.into(), Relu {}.into()] };
    plan.stages[0] = StagePlan {
        modules: 0..1,
        objective: Objective::Information {
            target: Target::Input,
            estimator: Gmi { weights: [0.8, 1.0, 1.0], negatives: 5, squash: false }.into(),
        },
        epochs: 1,
        batch: None,
        rate: 0.01,
        weight_decay: 0.0,
        clip: Some(5.0),
    };
    let plan = plan.with_batches_within(dataset.splits.train.len());
    let plan = plan.check(&dataset)?;

    let device = device::open(DeviceKind::Cpu).await?;
    let mut network = Network::new(&plan, seed, &device);
    let train = dataset.splits.train.len();
    let loader = Loader::new(dataset, &device);
    for index in 0..=0 {
        let mut stage = Stage::new(&plan, index, train, seed, &device);
        while !stage.is_done() {
            stage.step(&mut network, &loader, 0).await?;
        }
    }
    Ok(network)
}
