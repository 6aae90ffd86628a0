//! Golden values: our estimators, layers and optimiser against float64 references with gradients,
//! on every device of the build.
//!
//! Natively the files of the folder in `MOLE_GOLDEN` are read (cargo sets a default,
//! `.cargo/config.toml`); in a browser they are compiled in from the folder that `MOLE_GOLDEN` named then.

#[path = "golden/case.rs"]
mod case;
#[path = "golden/dim.rs"]
mod dim;
#[path = "golden/graph_infomax.rs"]
mod graph_infomax;
#[path = "golden/graph_net.rs"]
mod graph_net;
#[path = "golden/infonce.rs"]
mod infonce;
#[path = "golden/matrix_renyi.rs"]
mod matrix_renyi;
#[path = "golden/mine.rs"]
mod mine;
#[path = "golden/train.rs"]
mod train;
#[path = "golden/tsne.rs"]
mod tsne;

use burn::tensor::Device;
use case::{Case, Checks, Kind};
use mole::estimators::LocalForm;

/// Runs one case: `None` for an operation this project does not implement.
async fn run(case: &Case, device: &Device) -> Option<Checks> {
    Some(match case.op.as_str() {
        "renyi.gram" => matrix_renyi::gram(case, device).await,
        "renyi.entropy" => matrix_renyi::entropy(case, device).await,
        "renyi.joint_entropy" => matrix_renyi::joint_entropy(case, device).await,
        "renyi.mi" => matrix_renyi::mi(case, device).await,
        "renyi.mi_label" => matrix_renyi::mi_label(case, device).await,
        "renyi.mi_scale_free" => matrix_renyi::mi_scale_free(case, device).await,
        "renyi.multivariate" => matrix_renyi::multivariate(case, device).await,
        "mine.dv" => mine::dv(case, device).await,
        "mine.nwj" => mine::nwj(case, device).await,
        "mine.jsd" => mine::jsd(case, device).await,
        "mine.smile" => mine::smile(case, device).await,
        "mine.ema" => mine::ema(case, device).await,
        "mine.critic" => mine::critic(case, device).await,
        "dim.local_jsd" => dim::local(case, device, LocalForm::JensenShannon {}).await,
        "dim.local_dv" => dim::local(case, device, LocalForm::DonskerVaradhan {}).await,
        "dim.local_infonce" => dim::local_infonce(case, device).await,
        "dim.dot_local_jsd" => dim::dot_local_jsd(case, device).await,
        "dim.prior_matching" => dim::prior_matching(case, device).await,
        "infonce" => infonce::infonce(case, device).await,
        "dgi.loss" => graph_infomax::dgi_loss(case, device).await,
        "dgi.loss_from_scores" => graph_infomax::dgi_loss_from_scores(case, device).await,
        "gmi.loss" => graph_infomax::gmi_loss(case, device).await,
        "gcn.layer" => graph_net::gcn_layer(case, device).await,
        "graph.readout" => graph_net::readout(case, device).await,
        "softmax_cross_entropy" => train::softmax_cross_entropy(case, device).await,
        "tsne" => tsne::tsne(case, device).await,
        "adam" => train::adam(case, device).await,
        _ => return None,
    })
}

/// What was seen of an operation.
#[derive(Default)]
struct Seen {
    cases: usize,
    run: usize,
    /// The worst errors of a value and of a gradient.
    worst: [f64; 2],
}

/// Checks every case of some files and says how many of each operation passed and how far they were
/// off; fails with every case that did not pass.
async fn check(files: &[(String, String)], device: &Device, name: &str, say: impl Fn(String)) {
    let mut seen = std::collections::BTreeMap::<String, Seen>::new();
    let mut failures = Vec::new();
    for (file, text) in files {
        for case in case::parse(text) {
            let seen = seen.entry(case.op.clone()).or_default();
            seen.cases += 1;
            if let Some(checks) = run(&case, device).await {
                seen.run += 1;
                for (worst, kind) in seen.worst.iter_mut().zip([Kind::Value, Kind::Gradient]) {
                    *worst = worst.max(checks.worst(kind));
                }
                failures.extend(checks.failures().map(|f| format!("{file} {}: {f}", case.id)));
            }
        }
    }
    for (op, Seen { cases, run, worst: [value, gradient] }) in &seen {
        say(match run {
            0 => format!("{name}: {op}: not implemented, {cases} cases left out"),
            _ => format!(
                "{name}: {op}: {run} of {cases} cases, off by {value:.0e}, gradients {gradient:.0e}"
            ),
        });
    }
    assert!(seen.values().any(|seen| seen.run > 0), "no case was run");
    assert!(failures.is_empty(), "{name}: {} failed\n{}", failures.len(), failures.join("\n"));
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use mole::device::{self, DeviceKind};

    fn files() -> Vec<(String, String)> {
        let folder =
            std::env::var("MOLE_GOLDEN").expect("MOLE_GOLDEN names the folder of golden values");
        let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| {
            panic!("MOLE_GOLDEN={folder}: {error}; name the folder of golden values")
        });
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        paths.sort();
        let read = |path: &std::path::PathBuf| std::fs::read_to_string(path).unwrap();
        paths.iter().map(|path| (path.display().to_string(), read(path))).collect()
    }

    #[test]
    fn every_case_agrees_on_every_device() {
        let files = files();
        for kind in DeviceKind::AVAILABLE {
            let device = pollster::block_on(device::open(*kind)).unwrap();
            let say = |line| println!("{line}");
            pollster::block_on(super::check(&files, &device, kind.name(), say));
        }
    }
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use mole::device::{self, DeviceKind};
    use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    macro_rules! files {
        ($($file:literal),+) => {
            [$(($file.to_string(), include_str!(concat!(env!("MOLE_GOLDEN"), "/", $file)).to_string())),+]
        };
    }

    async fn check_on(kind: DeviceKind) {
        let files = files!(
            "matrix_renyi.json",
            "mine.json",
            "dim.json",
            "infonce.json",
            "graph_infomax.json",
            "graph_net.json",
            "train.json",
            "tsne.json"
        );
        let device = device::open(kind).await.unwrap();
        super::check(&files, &device, kind.name(), |line| console_log!("{line}")).await;
    }

    #[wasm_bindgen_test]
    async fn every_case_agrees_on_the_cpu() {
        check_on(DeviceKind::Cpu).await;
    }

    #[cfg(feature = "ndarray")]
    #[wasm_bindgen_test]
    async fn every_case_agrees_on_ndarray() {
        check_on(DeviceKind::Ndarray).await;
    }

    #[cfg(feature = "webgpu")]
    #[wasm_bindgen_test]
    async fn every_case_agrees_on_webgpu() {
        check_on(DeviceKind::Gpu).await;
    }
}
