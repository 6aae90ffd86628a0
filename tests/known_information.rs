//! Estimators against correlated Gaussians, whose information is known:
//! `I = -1/2 log2(1 - rho^2)` bits a dimension. `mole gaussians` measures more of the same.

#![cfg(not(target_arch = "wasm32"))]

use mole::device::{self, DeviceKind};
use mole::estimators::critic::{Activation, Critic};
use mole::estimators::gaussians::{Gaussians, Protocol};
use mole::estimators::{Bound, InfoNce, MatrixRenyi, Mine, MutualInformation, Normalisation};
use mole::rng::Seed;
use pollster::block_on;

/// A critic trained for 1,500 steps of 256 pairs.
const TRAINED: Protocol =
    Protocol { steps: 1_500, batch: 256, rate: 1e-3, pairs: 50_000, estimates: 1 };

fn bits(estimator: &dyn MutualInformation, rho: f64, protocol: Protocol, seed: u64) -> f64 {
    let device = block_on(device::open(DeviceKind::Cpu)).unwrap();
    let gaussians = Gaussians { rho, dimension: 1 };
    block_on(gaussians.estimate(estimator, protocol, Seed(seed), &device)).unwrap()
}

fn mine() -> Mine {
    let critic = Critic { hidden: vec![128, 128], activation: Activation::Relu };
    Mine { critic, bound: Bound::DonskerVaradhan { average: Some(0.01) } }
}

#[test]
fn gaussians_have_the_information_they_should() {
    let known = |rho, dimension| Gaussians { rho, dimension }.bits();
    assert_eq!(known(0.0, 3), 0.0);
    // 1 - 0.75 = 1/4: one bit a dimension.
    assert!((known(0.75f64.sqrt(), 1) - 1.0).abs() < 1e-12);
    assert!((known(-(0.75f64.sqrt()), 5) - 5.0).abs() < 1e-12);
}

/// It is a lower bound: what it has above the truth is the sampling error of the last estimate, whose
/// spread over seeds `docs/known-information.md` gives.
#[test]
fn mine_finds_the_information_of_gaussians() {
    for rho in [0.5, 0.8] {
        let truth = Gaussians { rho, dimension: 1 }.bits();
        for seed in 0..2 {
            let found = bits(&mine(), rho, TRAINED, seed);
            println!("rho {rho}, seed {seed}: {found:.3} bits, true {truth:.3}");
            assert!(
                (0.9 * truth..=truth + 0.015).contains(&found),
                "rho {rho}: {found}, not {truth}"
            );
        }
    }
}

#[test]
fn infonce_finds_the_information_of_gaussians() {
    let infonce =
        InfoNce { temperature: 1.0, symmetric: true, units: 32, hidden: 64, samples: 256 };
    let protocol = Protocol { pairs: 256, estimates: 100, ..TRAINED };
    let truth = Gaussians { rho: 0.8, dimension: 1 }.bits();
    let found = bits(&infonce, 0.8, protocol, 0);
    println!("{found:.3} bits, true {truth:.3}");
    assert!((0.9 * truth..=truth + 0.015).contains(&found), "{found}, not {truth}");
}

#[test]
fn the_matrix_estimate_rises_with_the_correlation() {
    for order in [1.01, 2.0] {
        let matrix =
            MatrixRenyi { order, width: 0.5, normalisation: Normalisation::None, samples: 256 };
        let protocol = Protocol { pairs: 256, ..TRAINED };
        let estimates = [0.0, 0.3, 0.5, 0.7, 0.9, 0.99].map(|rho| bits(&matrix, rho, protocol, 4));
        println!("order {order}: {estimates:?}");
        assert!(estimates.is_sorted(), "order {order}: {estimates:?}");
        // No more than the entropy of so many samples.
        assert!(estimates.iter().all(|bits| (-0.04..=8.0).contains(bits)), "{estimates:?}");
    }
}
