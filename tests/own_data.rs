//! Data that a user brings, small and made here; and the real files under other names.

#![cfg(not(target_arch = "wasm32"))]

use mole::data::own::{self, OwnData, Preview, read, suggest};
use mole::data::{DataError, Files, Kind, Samples};
use mole::plan::own::plans;
use mole::rng::Seed;

fn files(entries: &[(&str, &[u8])]) -> Files {
    let mut files = Files::default();
    entries.iter().for_each(|(name, bytes)| files.insert(*name, bytes.to_vec()));
    files
}

fn preview(files: &Files) -> Result<Preview, DataError> {
    own::preview(files, None, Seed(0)).map(|(preview, _)| preview)
}

/// A table with a header, of which the share tests.
fn csv(label: &str, test: f64, without: Option<&[&str]>) -> OwnData {
    let without = without.map(|columns| columns.iter().map(|name| name.to_string()).collect());
    OwnData::Csv { label: label.into(), header: true, test, without }
}

fn table(text: &str) -> Files {
    files(&[("people.csv", text.as_bytes())])
}

const PEOPLE: &str = "age,town,tall\n30,Ulm,yes\n40,Bonn,no\n50,Ulm,yes\n?,Ulm,no\n20,Kiel,no\n";

#[test]
fn a_table_is_recognised_shown_and_read() {
    for (delimiter, name) in [(",", "a.csv"), (";", "a.txt"), ("\t", "a.tsv")] {
        let files = files(&[(name, PEOPLE.replace(',', delimiter).as_bytes())]);
        let seen = preview(&files).unwrap();
        assert_eq!(seen.columns, ["age", "town", "tall"]);
        assert_eq!(seen.rows[0], ["30", "Ulm", "yes"]);
        assert_eq!(seen.rows.len(), 5);
        assert_eq!((seen.kind, seen.samples), (Kind::Vectors, 4));
        assert_eq!(seen.classes, ["no", "yes"]);
        assert_eq!(seen.summary, "4 rows, 4 features");
        let set = read(&files, &seen.data, Seed(1)).unwrap();
        let Samples::Vectors(vectors) = &set.samples else { panic!("not vectors") };
        assert_eq!(vectors.names, ["age", "town=Bonn", "town=Kiel", "town=Ulm"]);
        assert_eq!(set.labels, [1, 0, 1, 0]);
        assert_eq!((set.splits.train.len(), set.splits.test.len()), (3, 1));
    }
}

#[test]
fn another_label_and_no_header() {
    let set = read(&table(PEOPLE), &csv("town", 0.5, None), Seed(1)).unwrap();
    assert_eq!(set.classes, ["Bonn", "Kiel", "Ulm"]);
    let bare = table("1,2,a\n3,4,b\n5,6,a\n");
    let seen = preview(&bare).unwrap();
    let found = OwnData::Csv { label: "column 3".into(), header: false, test: 0.2, without: None };
    assert_eq!(seen.data, found);
    assert_eq!(seen.columns, ["column 1", "column 2", "column 3"]);
}

#[test]
fn the_label_is_the_last_column_that_can_be_one() {
    // A price ends each row, and no two are the same.
    let rows = |header: &str| {
        let row = |i: usize| {
            format!("{},{},{}.5\n", i % 7, if i.is_multiple_of(3) { "yes" } else { "no" }, i)
        };
        let text: String = std::iter::once(header.into()).chain((0..300).map(row)).collect();
        table(&text)
    };
    let label = |files: &Files, data| match own::preview(files, data, Seed(0)).unwrap().0.data {
        OwnData::Csv { label, .. } => label,
        other => panic!("{other:?}"),
    };
    let named = rows("rooms,sold,price\n");
    assert_eq!(preview(&named).unwrap().classes, ["no", "yes"]);
    assert_eq!(label(&named, None), "sold");
    assert_eq!(read(&named, &csv("", 0.2, None), Seed(0)).unwrap().classes, ["no", "yes"]);
    // The columns have other names where the first line is a row.
    let data = |header| OwnData::Csv { label: String::new(), header, test: 0.2, without: None };
    assert_eq!(label(&named, Some(data(true))), "sold");
    assert_eq!(label(&rows(""), Some(data(false))), "column 2");
    // Rows with a gap count as little as they train.
    let gaps: String = (0..300).map(|i| format!("{},?,{i}\n", i % 2)).collect();
    assert_eq!(label(&table(&format!("a,b,c\n{}{gaps}", "1,x,2\n2,y,2\n".repeat(5))), None), "b");
    // None can: the error is that of the last.
    let names: String = (0..300).map(|i| format!("name {i}\n")).collect();
    let error = preview(&table(&format!("who\n{names}"))).unwrap_err();
    assert!(error.to_string().contains("who"), "{error}");
}

const NAMES: [&str; 6] = ["survived", "name", "age", "ticket", "cabin", "port"];

/// A passenger list: names and tickets are everybody's own, and few have a cabin.
#[test]
fn columns_of_names_are_left_out_and_their_gaps_do_not_count() {
    let row = |i: usize| {
        let cabin = if i.is_multiple_of(4) { format!("C{i}") } else { String::new() };
        let port = ["S", "C", "Q"][i % 3];
        let ticket = if i.is_multiple_of(3) { format!("A/{i}") } else { format!("{i}") };
        format!("{},\"Doe, J. {i}\",{},{ticket},{cabin},{port}\n", i / 4 % 2, i % 80)
    };
    let text: String = (0..1200).map(row).collect();
    let files = table(&format!("{}\n{text}", NAMES.join(",")));
    let (seen, set) = own::preview(&files, None, Seed(0)).unwrap();
    assert_eq!(seen.data, csv("port", 0.2, Some(&["name", "ticket", "cabin"])));
    assert_eq!((seen.samples, seen.gaps, seen.columns.len()), (1200, 0, 6));
    let Samples::Vectors(vectors) = &set.samples else { panic!("not vectors") };
    assert_eq!(vectors.names, ["survived", "age"]);
    assert!(read(&files, &seen.data, Seed(0)).unwrap().digest() == set.digest());
    assert!(read(&files, &csv("port", 0.2, None), Seed(0)).unwrap().digest() == set.digest());

    // What is left out is told in the columns' order, and none where none would be.
    let seen = preview(&table("a,b,c,y\n1,2,3,n\n2,3,4,y\n3,4,5,n\n4,5,6,y\n5,6,7,y\n")).unwrap();
    for (said, told) in [(&["c", "a", "c"][..], Some(&["a", "c"][..])), (&[], None)] {
        let few = table("a,b,c,y\n1,2,3,n\n2,3,4,y\n3,4,5,n\n4,5,6,y\n5,6,7,y\n");
        let (again, _) = own::preview(&few, Some(csv("y", 0.2, Some(said))), Seed(0)).unwrap();
        assert_eq!(again.data, csv("y", 0.2, told));
    }
    assert_eq!(seen.data, csv("y", 0.2, None));

    // Somebody says otherwise.
    let said = |label, without: &[&str]| {
        own::preview(&files, Some(csv(label, 0.2, Some(without))), Seed(0)).map(|(seen, _)| seen)
    };
    let seen = said("survived", &["name", "ticket", "cabin", "age"]).unwrap();
    assert_eq!((seen.classes.len(), seen.summary.as_str()), (2, "1200 rows, 3 features"));
    let error = said("survived", &["name", "ticket"]).unwrap_err();
    assert!(
        error.to_string().contains("300 categories, the first that is no number \"C0\""),
        "{error}"
    );
    let error = said("survived", &["nom"]).unwrap_err().to_string();
    assert!(error.contains("without") && error.contains("\"nom\""), "{error}");
    for (label, without) in [("age", &["name", "age"][..]), ("", &NAMES)] {
        let error = said(label, without).unwrap_err().to_string();
        assert!(error.contains("columns other than the label"), "{error}");
    }
    assert_eq!(
        said("age", &["survived", "name", "ticket", "cabin", "port"]).unwrap_err().code(),
        "data/inconsistent"
    );
}

/// It may be one of numbers in which somebody mistyped, or wrote gaps in words of his own: it is not for us to
/// drop. What there is to choose from is told still.
#[test]
fn a_column_of_numbers_with_a_few_words_in_it_is_refused_with_its_place() {
    let price = |i: usize| if i > 270 { "NaN".into() } else { format!("{i}.5") };
    let rows: String = (0..600).map(|i| format!("{},{}\n", price(i), i % 2)).collect();
    let files = table(&format!("price,y\n{rows}n/a,1\n"));
    let error = preview(&files).unwrap_err();
    assert_eq!(error.code(), "parse/too-large");
    assert!(error.to_string().contains("line 273, column 1"), "{error}");
    let outline = own::outline(&files, None).unwrap().unwrap();
    assert_eq!((outline.columns, outline.rows.len()), (vec!["price".into(), "y".into()], 8));
    assert_eq!(outline.data, csv("y", 0.2, None));
    let unknown = own::outline(&files, Some(csv("y", 0.2, Some(&["cost"])))).unwrap_err();
    assert_eq!(unknown.code(), "data/setting");
}

/// As spreadsheets write it, with a separator too many.
#[test]
fn a_column_without_any_value_is_left_out() {
    let rows: String = (0..20).map(|i| format!("{i},{},\n", ["n", "y"][i % 2])).collect();
    let seen = preview(&table(&format!("a,y,\n{rows}"))).unwrap();
    assert_eq!((seen.samples, seen.data), (20, csv("y", 0.2, Some(&["column 3"]))));
}

#[test]
fn numbers_are_standardised_by_the_training_rows_alone() {
    let text: String = std::iter::once("x,y\n".into())
        .chain((0..50).map(|i| format!("{i},{}\n", i % 2)))
        .collect();
    let options = csv("y", 0.3, None);
    let set = read(&table(&text), &options, Seed(3)).unwrap();
    let Samples::Vectors(vectors) = &set.samples else { panic!("not vectors") };
    let train = set.splits.train.iter().map(|row| f64::from(vectors.values[*row as usize]));
    assert!((train.sum::<f64>() / set.splits.train.len() as f64).abs() < 1e-6);
    assert_ne!(set.splits, read(&table(&text), &options, Seed(4)).unwrap().splits);
}

#[test]
fn tables_that_cannot_be_used_are_refused_with_their_place() {
    let csv = |label, test| csv(label, test, Some(&[]));
    let refusal = |text: &str, data: OwnData| {
        let error = read(&table(text), &data, Seed(1)).unwrap_err();
        (error.code(), error.to_string())
    };
    let (code, text) = refusal(PEOPLE, csv("height", 0.2));
    assert_eq!(code, "data/setting");
    assert!(text.contains("age, town, tall") && text.contains("\"height\""), "{text}");
    for share in [0.0, 1.0, -1.0, f64::NAN] {
        assert_eq!(refusal(PEOPLE, csv("tall", share)).0, "data/setting");
    }
    assert_eq!(refusal("a,b\n1,x\n2,x\n3,x\n", csv("b", 0.5)).0, "data/inconsistent");
    let (code, text) = refusal("a,b\n1,x\n2\n", csv("b", 0.5));
    assert_eq!(code, "parse/wrong-column-count");
    assert!(text.starts_with("people.csv, line 3"), "{text}");
    let many: String = (0..300).map(|i| format!("name {i},{}\n", i % 2)).collect();
    let (code, text) = refusal(&format!("a,b\n{many}"), csv("b", 0.5));
    assert_eq!(code, "parse/too-large");
    assert!(
        text.contains("line 2, column 1")
            && text.contains("300 categories, the first that is no number \"name 0\""),
        "{text}"
    );
    let wide: String = (0..300).map(|i| format!("1,name {i}\n")).collect();
    assert_eq!(refusal(&format!("a,b\n{wide}"), csv("b", 0.5)).0, "data/inconsistent");
    assert_eq!(refusal("only\nx\ny\n", csv("only", 0.5)).0, "data/inconsistent");
    assert_eq!(suggest(&table("")).unwrap_err().code(), "parse/truncated");
    assert_eq!(suggest(&Files::default()).unwrap_err().code(), "data/unrecognised");
}

fn idx(dimensions: &[u8], values: &[u8]) -> Vec<u8> {
    let sizes = dimensions.iter().flat_map(|size| [0, 0, 0, *size]);
    [0, 0, 8, dimensions.len() as u8].into_iter().chain(sizes).chain(values.to_vec()).collect()
}

#[test]
fn images_come_as_one_pair_or_two() {
    let images = idx(&[4, 2, 2], &[7; 16]);
    let labels = idx(&[4], &[3, 5, 3, 5]);
    let pair = files(&[("pictures", &images), ("answers", &labels)]);
    let seen = preview(&pair).unwrap();
    assert_eq!((seen.kind, seen.summary.as_str()), (Kind::Grids, "4 images of 2 × 2"));
    assert_eq!(seen.classes, ["3", "5"]);
    let set = read(&pair, &OwnData::Idx { test: 0.5 }, Seed(1)).unwrap();
    assert_eq!(set.labels, [0, 1, 0, 1]);

    let (test_images, test_labels) = (idx(&[1, 2, 2], &[9; 4]), idx(&[1], &[5]));
    let four = files(&[
        ("t10k-images", &test_images),
        ("t10k-labels", &test_labels),
        ("train-images", &images),
        ("train-labels", &labels),
    ]);
    let set = read(&four, &OwnData::Idx { test: 0.5 }, Seed(1)).unwrap();
    assert_eq!((set.splits.train, set.splits.test), (vec![0, 1, 2, 3], vec![4]));

    // However the names are written.
    let named = [
        ("Test-images", &test_images),
        ("Test-labels", &test_labels),
        ("Train-images", &images),
        ("Train-labels", &labels),
    ];
    let named = files(&named.map(|(name, bytes)| (name, bytes.as_slice())));
    let set = read(&named, &OwnData::Idx { test: 0.5 }, Seed(1)).unwrap();
    assert_eq!((set.splits.train, set.splits.test), (vec![0, 1, 2, 3], vec![4]));

    let few = files(&[("pictures", &images), ("answers", &idx(&[3], &[3, 5, 3]))]);
    assert_eq!(preview(&few).unwrap_err().code(), "parse/inconsistent");
    let lone = files(&[("pictures", &images)]);
    assert_eq!(preview(&lone).unwrap_err().code(), "data/unrecognised");
    let two = files(&[("a", &images), ("b", &images)]);
    assert_eq!(preview(&two).unwrap_err().code(), "data/unrecognised");
}

#[test]
fn graphs_come_with_labels_of_any_number() {
    let tu = files(&[
        ("TOY_A.txt", b"1, 2\n2, 1\n4, 3\n3, 4\n"),
        ("TOY_graph_indicator.txt", b"1\n1\n2\n2\n3\n"),
        ("TOY_graph_labels.txt", b"-1\n1\n1\n"),
        ("TOY_node_labels.txt", b"6\n8\n8\n6\n17\n"),
    ]);
    let seen = preview(&tu).unwrap();
    assert_eq!((seen.title.as_str(), seen.kind), ("TOY", Kind::Graphs));
    assert_eq!(seen.summary, "3 graphs, 5 nodes of 3 kinds, 2 links");
    assert_eq!(seen.classes, ["-1", "1"]);
    let set = read(&tu, &seen.data, Seed(1)).unwrap();
    let Samples::Graphs(graphs) = &set.samples else { panic!("not graphs") };
    assert_eq!(graphs.node_kinds, ["6", "8", "17"]);
    let bare = files(&[("TOY_A.txt", b"1, 2\n")]);
    assert_eq!(preview(&bare).unwrap_err().code(), "data/missing-file");
}

#[test]
fn every_column_has_a_name_of_its_own() {
    let text = |header: &str| table(&format!("{header}\n1,2,a\n3,4,b\n5,6,a\n"));
    let twice = preview(&text("y,x,y")).unwrap();
    assert_eq!(twice.columns, ["y", "x", "y (column 3)"]);
    assert_eq!(twice.classes, ["a", "b"], "the last column is the label");
    let unnamed = preview(&text("a,b,?")).unwrap();
    assert_eq!((&*unnamed.columns[2], unnamed.classes.len()), ("column 3", 2));
}

#[test]
fn delimiters_within_quotes_do_not_count() {
    let header = "\"Weight, kg\";\"Height, cm, bare\";label";
    let rows = "1;2;a\n3;4;b\n".repeat(5);
    // A quote within a field is no more than that, and two within quotes are one.
    for first in ["Screen (\");Weight", "\"Screen, \"\"flat\"\", wide\";Weight"] {
        let seen = preview(&table(&format!("{first};label\n{rows}"))).unwrap();
        assert_eq!(seen.columns[1..], ["Weight", "label"]);
    }
    let seen = preview(&table(&format!("{header}\n{rows}"))).unwrap();
    assert_eq!(seen.columns, ["Weight, kg", "Height, cm, bare", "label"]);
    // As the reader does, the space before a quote and empty lines are passed over.
    let seen = preview(&table(&format!("a, \"b (low; mid; high)\"\n{}", "1, x\n2, y\n".repeat(5))));
    assert_eq!(seen.unwrap().columns, ["a", "b (low; mid; high)"]);
    let seen = preview(&table(&format!("\r\n\na;b;label\n{rows}"))).unwrap();
    assert_eq!(seen.columns, ["a", "b", "label"]);
}

#[test]
fn a_table_with_a_gap_in_each_row_says_so() {
    let files = table(&format!("a,b,y\n{}", "1,,n\n,2,y\n".repeat(5)));
    let error = read(&files, &csv("y", 0.2, None), Seed(0)).unwrap_err().to_string();
    assert!(error.contains("without a missing value, found a gap in each of 10"), "{error}");
    let few = preview(&table("a,b,y\n1,,n\n1,2,y\n3,4,n\n,2,y\n5,6,y\n")).unwrap();
    assert_eq!((few.samples, few.gaps), (3, 2));
}

/// Its mean is not 0.1 but the number next to it, and the deviation from that no 0.
#[test]
fn a_column_that_never_varies_in_training_is_not_divided_by_rounding() {
    let rows: String = (0..40).map(|i| format!("0.1,{i},{}\n", ["a", "b"][i % 2])).collect();
    let files = table(&format!("x,n,y\n{rows}"));
    let set = read(&files, &preview(&files).unwrap().data, Seed(1)).unwrap();
    let Samples::Vectors(vectors) = set.samples else { panic!("not vectors") };
    assert!(vectors.values.iter().step_by(2).all(|value| *value == 0.0), "{:?}", vectors.values);
}

/// The sign tells a category's name from a number's.
#[test]
fn a_number_whose_column_has_an_equals_sign_is_seen_as_a_number() {
    let files = table("x=1,town=a,y\n1,Ulm,a\n2,Bonn,b\n3,Ulm,a\n6,Ulm,b\n");
    let set = read(&files, &preview(&files).unwrap().data, Seed(1)).unwrap();
    let seen = serde_json::to_value(set.view(0).unwrap()).unwrap();
    let names: Vec<_> = seen["values"].as_array().unwrap().iter().map(|v| &v["name"]).collect();
    assert_eq!(names, ["x:1", "town:a"], "{seen}");
}

#[test]
fn planetoid_files_of_another_name() {
    let folder = std::env::var("MOLE_DATA").expect("MOLE_DATA names the folder of real data");
    let mut own = Files::default();
    for part in ["y", "tx", "ty", "allx", "ally", "graph", "test.index"] {
        let bytes = std::fs::read(format!("{folder}/cora/ind.cora.{part}")).unwrap();
        own.insert(format!("ind.papers.{part}"), bytes);
    }
    let seen = preview(&own).unwrap();
    assert_eq!((seen.title.as_str(), seen.kind), ("papers", Kind::Nodes));
    assert_eq!((seen.samples, seen.classes.len()), (2708, 7));
}

#[test]
fn there_are_plans_for_whatever_can_be_read() {
    let rows: String = (0..40).map(|i| format!("{i},{},{}\n", i % 7, i % 3)).collect();
    let table = table(&format!("a,b,c\n{rows}"));
    let small =
        files(&[("pictures", &idx(&[4, 4, 4], &[7; 64])), ("answers", &idx(&[4], &[3, 5, 3, 5]))]);
    for (files, fewest) in [(table, 4), (small, 3)] {
        let (_, set) = own::preview(&files, None, Seed(0)).unwrap();
        let plans = plans(&set);
        assert!(plans.len() >= fewest, "{}", plans.len());
        for plan in plans {
            assert!(plan.name.starts_with("own/"), "{}", plan.name);
            plan.check(&set).unwrap();
        }
    }
}
