use mole::batch::Loader;
use mole::data;
use mole::device::{self, DeviceKind};
use mole::layers::{Linear, MessagePassing, Readout, Relu};
use mole::network::Network;
use mole::plan::{ModulePlan, Objective, StagePlan, presets};
use mole::rng::Seed;
use mole::stage::Stage;
use std::rc::Rc;

pub async fn train() -> Result<Network, Box<dyn std::error::Error>> {
    let seed = Seed(7);
    let source = data::source("molecules")?;
    let dataset = Rc::new(source.load(&data::Files::default(), seed)?.with_at_most(200, seed));

    let mut plan = presets::find("molecules/bp").ok_or("no such plan")?;
    plan.stages.iter_mut().for_each(|stage| stage.epochs = 1);
    plan.modules[0] = ModulePlan { layers: vec![Linear { width: 32 }.into(), Relu {}.into()] };
    plan.modules[1] =
        ModulePlan { layers: vec![MessagePassing { width: 32 }.into(), Relu {}.into()] };
    plan.modules[2] = ModulePlan {
        layers: vec![MessagePassing { width: 32 }.into(), Relu {}.into(), Readout {}.into()],
    };
    plan.modules[3] = ModulePlan { layers: vec![Linear { width: 2 }.into()] };
    plan.stages[0] = StagePlan {
        modules: 0..4,
        objective: Objective::CrossEntropy,
        epochs: 1,
        batch: Some(64),
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
