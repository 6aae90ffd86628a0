use mole::batch::Loader;
use mole::data;
use mole::data::own::{self, OwnData};
use mole::device::{self, DeviceKind};
use mole::estimators::{MatrixRenyi, Normalisation};
use mole::layers::{Linear, Relu};
use mole::network::Network;
use mole::plan::{ModulePlan, Objective, Plan, StagePlan, Target};
use mole::rng::Seed;
use mole::stage::Stage;
use std::rc::Rc;

pub async fn train() -> Result<Network, Box<dyn std::error::Error>> {
    let seed = Seed(7);
    let mut files = data::Files::default();
    files.insert("people.csv", std::fs::read("people.csv")?);
    let how = OwnData::Csv {
        label: "column 3".into(),
        header: false,
        test: 0.25,
        without: Some(vec!["column 4".into()]),
    };
    let dataset = Rc::new(own::read(&files, &how, seed)?.with_at_most(200, seed));

    let mut plan: Plan = serde_json::from_str(&std::fs::read_to_string("own-matrix.json")?)?;
    plan.stages.iter_mut().for_each(|stage| stage.epochs = 1);
    plan.modules[0] = ModulePlan { layers: vec![Linear { width: 64 }.into(), Relu {}.into()] };
    plan.stages[0] = StagePlan {
        modules: 0..1,
        objective: Objective::Information {
            target: Target::Input,
            estimator: MatrixRenyi {
                order: 1.01,
                width: 1.0,
                normalisation: Normalisation::None,
                samples: 128,
            }
            .into(),
        },
        epochs: 1,
        batch: Some(256),
        rate: 0.003,
        weight_decay: 0.0,
        clip: None,
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
