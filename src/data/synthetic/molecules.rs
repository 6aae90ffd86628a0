//! Small made-up molecules that differ only in who sits beside whose neighbour.
//!
//! Every molecule has three groups of two nitrogens, each with an atom of its own. Over two of the
//! groups these are two oxygens and two sulphurs; the third has only one of either, so that
//! counting does not help. In one class oxygen and sulphur share a group; in the other each has a
//! group for itself. Atoms, bonds and every atom's neighbours are on average as many in both
//! classes: only two steps of messages tell them apart. Rings, chains and single other atoms stand
//! in the way.

use super::{CITATION, TERMS, in_order};
use crate::data::{DataError, Dataset, Files, Graphs, Kind, Origin, Samples, Source, edges};
use crate::rng::{Seed, Stream};

pub(in crate::data) static MOLECULES: Source = Source {
    name: "molecules",
    title: "Molecules",
    description: "1,500 made-up molecules of 17 to 31 atoms: do oxygen and sulphur share a group?",
    kind: Kind::Graphs,
    files: &[],
    origin: Origin::Generated,
    terms: TERMS,
    citation: CITATION,
    read,
};

const N_TRAIN: u32 = 1200;
const N_TEST: u32 = 300;
const ATOMS: [&str; 6] = ["C", "N", "O", "S", "Cl", "F"];
/// Indices into [`ATOMS`].
const CARBON: u8 = 0;
const NITROGEN: u8 = 1;
const OXYGEN: u8 = 2;
const SULPHUR: u8 = 3;
/// What says nothing of the class: carbon, chlorine, fluorine.
const INERT: [u8; 3] = [CARBON, 4, 5];

fn read(_: &Files, seed: Seed) -> Result<Dataset, DataError> {
    let mut stream = seed.stream("data/molecules");
    let mut graphs = Graphs {
        node_kinds: ATOMS.map(str::to_owned).to_vec(),
        node_offsets: vec![0],
        ..Graphs::default()
    };
    let mut labels = Vec::new();
    let mut bonds = Vec::new();
    for _ in 0..N_TRAIN + N_TEST {
        let label = stream.below(2) as u8;
        let first = graphs.node_labels.len() as u32;
        let molecule = Molecule::new(label == 1, &mut stream);
        bonds.extend(molecule.bonds.iter().map(|bond| bond.map(|atom| first + atom)));
        graphs.node_labels.extend(molecule.atoms);
        graphs.node_offsets.push(graphs.node_labels.len() as u32);
        labels.push(label);
    }
    graphs.edges = edges::both_ways(bonds);
    graphs.edge_offsets = edges::offsets(&graphs.edges, &graphs.node_offsets);
    Ok(Dataset {
        name: MOLECULES.name.to_owned(),
        classes: ["apart", "together"].map(str::to_owned).to_vec(),
        samples: Samples::Graphs(graphs),
        labels,
        splits: in_order(N_TRAIN, 0, N_TEST),
    })
}

struct Molecule {
    atoms: Vec<u8>,
    bonds: Vec<[u32; 2]>,
}

impl Molecule {
    /// A ring and a tree of carbons, the groups, and single other atoms here and there.
    fn new(together: bool, stream: &mut Stream) -> Molecule {
        let mut molecule = Molecule { atoms: Vec::new(), bonds: Vec::new() };
        let n_ring = 5 + stream.below(2) as u32;
        (0..n_ring).for_each(|_| molecule.atoms.push(CARBON));
        (0..n_ring).for_each(|i| molecule.bonds.push([i, (i + 1) % n_ring]));
        for _ in 0..stream.below(4) {
            molecule.attach(CARBON, stream);
        }
        let [first, second] = match together {
            true => [[OXYGEN, SULPHUR], [OXYGEN, SULPHUR]],
            false => [[OXYGEN, OXYGEN], [SULPHUR, SULPHUR]],
        };
        let decoy = [one_of(&[OXYGEN, SULPHUR], stream), one_of(&INERT, stream)];
        for mut group in [first, second, decoy] {
            stream.shuffle(&mut group);
            molecule.attach_group(group, stream);
        }
        for _ in 0..stream.below(5) {
            let kind = stream.below(ATOMS.len()) as u8;
            molecule.attach(kind, stream);
        }
        molecule
    }

    /// Two nitrogens beside a carbon, one atom beside each, up to two inert ones at the end.
    fn attach_group(&mut self, [near, far]: [u8; 2], stream: &mut Stream) {
        let inner = self.attach(NITROGEN, stream);
        let outer = self.bond(NITROGEN, inner);
        self.bond(near, inner);
        self.bond(far, outer);
        for _ in 0..stream.below(3) {
            self.bond(one_of(&INERT, stream), outer);
        }
    }

    /// Adds an atom beside a random carbon.
    fn attach(&mut self, kind: u8, stream: &mut Stream) -> u32 {
        let carbons: Vec<u32> =
            (0..).zip(&self.atoms).filter(|&(_, &atom)| atom == CARBON).map(|(i, _)| i).collect();
        self.bond(kind, carbons[stream.below(carbons.len())])
    }

    /// Adds an atom beside the one given; its number.
    fn bond(&mut self, kind: u8, to: u32) -> u32 {
        let atom = self.atoms.len() as u32;
        self.bonds.push([atom, to]);
        self.atoms.push(kind);
        atom
    }
}

fn one_of(kinds: &[u8], stream: &mut Stream) -> u8 {
    kinds[stream.below(kinds.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether two bonded nitrogens have an oxygen and a sulphur beside them.
    fn shares_a_group(molecule: &Molecule) -> bool {
        let has = |atom: u32, kind: u8| {
            molecule.bonds.iter().any(|&[a, b]| {
                (a == atom && molecule.atoms[b as usize] == kind)
                    || (b == atom && molecule.atoms[a as usize] == kind)
            })
        };
        let nitrogen = |atom: u32| molecule.atoms[atom as usize] == NITROGEN;
        molecule.bonds.iter().any(|&[a, b]| {
            let split = |a, b| has(a, OXYGEN) && has(b, SULPHUR);
            nitrogen(a) && nitrogen(b) && (split(a, b) || split(b, a))
        })
    }

    #[test]
    fn the_class_is_whether_a_group_is_shared() {
        let mut stream = Seed(1).stream("test");
        for i in 0..200 {
            let together = i % 2 == 0;
            let molecule = Molecule::new(together, &mut stream);
            assert_eq!(shares_a_group(&molecule), together);
            assert!((17..=31).contains(&molecule.atoms.len()));
        }
    }
}
