use super::{Collection, Read};
use crate::readers::pickle::{
    sound_array, sound_csr, sound_lists, whole, write_array, write_csr, write_lists,
};
use mole::bytes::Limits;
use mole::bytes::pickle::{self, Csr};

const ARRAY: Read = |bytes| {
    pickle::array("t.y", bytes, &Limits::default())?;
    Ok(())
};
const CSR: Read = |bytes| {
    pickle::csr("t.x", bytes, &Limits::default())?;
    Ok(())
};
const LISTS: Read = |bytes| {
    pickle::lists("t.graph", bytes, &Limits::default())?;
    Ok(())
};

/// Those that are carried out; the 28th, `PROTO`, only begins a file.
const OPCODES: &[u8; 27] = b".N\x88\x89JKMUT()t\x85\x86\x87]ae}uqrhc\x81Rb";

/// What a pickle that means harm calls, and near misses of what is allowed.
const GLOBALS: [&str; 32] = [
    "os\nsystem",
    "posix\nsystem",
    "nt\nsystem",
    "os\npopen",
    "subprocess\nPopen",
    "subprocess\ncheck_output",
    "__builtin__\neval",
    "builtins\neval",
    "builtins\nexec",
    "__builtin__\nexecfile",
    "builtins\n__import__",
    "builtins\ngetattr",
    "builtins\nopen",
    "builtins\ncompile",
    "importlib\nimport_module",
    "runpy\n_run_code",
    "sys\nexit",
    "socket\nsocket",
    "shutil\nrmtree",
    "ctypes\nCDLL",
    "pickle\nloads",
    "marshal\nloads",
    "types\nFunctionType",
    "operator\nattrgetter",
    "codecs\ndecode",
    "numpy\nload",
    "numpy\ndtype ",
    "Numpy\ndtype",
    "numpy.core\n_reconstruct",
    "numpy\nndarray.__new__",
    "builtins\nlist",
    "\n",
];

pub fn add(bad: &mut Collection) {
    let sound = [
        ("array", ARRAY, write_array(&sound_array())),
        ("csr", CSR, write_csr(&sound_csr())),
        ("lists", LISTS, write_lists(&sound_lists())),
    ];
    for (kind, read, file) in &sound {
        let name = format!("pickle/{kind}");
        bad.longer(*read, &name, file);
        bad.cuts(*read, "parse/truncated", &name, file, (0..20).map(|i| i * file.len() / 20));
        for protocol in [0, 1, 3, 4, 5, 255] {
            let name = format!("{name}/protocol {protocol}");
            bad.patched(*read, "parse/wrong-magic", name, file, 1, &[protocol]);
        }
        bad.add(*read, "parse/wrong-magic", format!("{name}/as text"), &b"(dp0\nI0\n(lp1\n"[..]);
        for (what, body) in [
            ("None", &b"N"[..]),
            ("a number", b"K\x01"),
            ("a tuple", b")"),
            ("a string", b"U\x01x"),
            ("a global", b"cnumpy\ndtype\n"),
        ] {
            bad.add(*read, "parse/unsupported", format!("{name}/{what}"), whole(body));
        }
        for (other, _, bytes) in sound.iter().filter(|other| other.0 != *kind) {
            let name = format!("{name}/{other} in its place");
            bad.add(*read, "parse/unsupported", name, bytes.clone());
        }
    }
    opcodes_and_globals(bad);
    stack(bad);
    arrays(bad, &sound[0].2);
    matrices(bad);
    lists(bad);
    limits(bad);
}

fn opcodes_and_globals(bad: &mut Collection) {
    for opcode in (0..=255).filter(|opcode| !OPCODES.contains(opcode)) {
        let name = format!("pickle/opcode {opcode:#04x}");
        bad.add(LISTS, "parse/forbidden", name, whole(&[opcode]));
    }
    for global in GLOBALS {
        let call = format!("c{global}\n(U\x06rm -rftR");
        bad.add(
            ARRAY,
            "parse/forbidden",
            format!("pickle/global {global:?}"),
            whole(call.as_bytes()),
        );
    }
    let allowed = [
        "numpy\ndtype",
        "numpy\nndarray",
        "numpy.core.multiarray\n_reconstruct",
        "scipy.sparse.csr\ncsr_matrix",
        "collections\ndefaultdict",
        "__builtin__\nlist",
    ];
    for global in allowed {
        let calls: [(&str, &[u8]); 3] =
            [("nothing", b")R"), ("a path", b"U\x02/x\x85R"), ("itself", b"q\0h\0\x85R")];
        for (what, call) in calls {
            let name = format!("pickle/call of {global:?} with {what}");
            let body = [b"c", global.as_bytes(), b"\n", call].concat();
            bad.add(CSR, "parse/forbidden", name, whole(&body));
        }
        if !global.ends_with("csr_matrix") {
            let name = format!("pickle/new {global:?}");
            bad.add(
                CSR,
                "parse/forbidden",
                name,
                [b"\x80\x02c", global.as_bytes(), b"\n)\x81."].concat(),
            );
        }
    }
    bad.add(
        CSR,
        "parse/forbidden",
        "pickle/new csr_matrix of arguments",
        whole(b"cscipy.sparse.csr\ncsr_matrix\nK\x01\x85\x81"),
    );
    bad.add(LISTS, "parse/forbidden", "pickle/call of a number", whole(b"K\x00)R"));
}

/// Programs whose stack, marks or memo do not fit.
fn stack(bad: &mut Collection) {
    let bodies: [(&str, &[u8]); 16] = [
        ("nothing at the end", b""),
        ("two values at the end", b"NN"),
        ("an open mark at the end", b"(N"),
        ("tuple without a mark", b"t"),
        ("tuple of 1 of nothing", b"\x85"),
        ("tuple of 3 of two", b"NN\x87"),
        ("tuple across a mark", b"](\x85"),
        ("append to nothing", b"Na"),
        ("append to a number", b"K\x00Na"),
        ("append across a mark", b"N(a"),
        ("appends without a mark", b"]e"),
        ("items without a mark", b"}u"),
        ("a key without a value", b"}(Nu"),
        ("items for a list", b"](NNu"),
        ("state for a number", b"NNb"),
        ("a memo that is empty", b"h\x00"),
    ];
    for (what, body) in bodies {
        bad.add(LISTS, "parse/inconsistent", format!("pickle/{what}"), whole(body));
    }
    bad.add(LISTS, "parse/inconsistent", "pickle/memo of nothing", whole(b"q\x00"));
    bad.add(
        LISTS,
        "parse/inconsistent",
        "pickle/state twice",
        whole(b"cscipy.sparse.csr\ncsr_matrix\n)\x81}b}b"),
    );
}

/// With the first `from` replaced by `to`.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

fn arrays(bad: &mut Collection, sound: &[u8]) {
    let mut with = |code, what: &str, from: &[u8], to: &[u8]| {
        bad.add(ARRAY, code, format!("pickle/array/{what}"), replaced(sound, from, to));
    };
    for kind in [&b"i8"[..], b"i2", b"f8", b"O8", b"b1", b"S4", b"u4", b"V4"] {
        let what = format!("type {}", String::from_utf8_lossy(kind));
        with("parse/unsupported", &what, b"U\x02i4", &[b"U\x02", kind].concat());
    }
    for order in [b">", b"=", b"|"] {
        let what = format!("order {}", char::from(order[0]));
        with("parse/unsupported", &what, b"U\x01<", &[b"U\x01", &order[..]].concat());
    }
    with("parse/unsupported", "by columns", b"tb\x89T", b"tb\x88T");
    with("parse/unsupported", "version 2", b"Rq\x03(K\x01", b"Rq\x03(K\x02");
    with("parse/unsupported", "objects for numbers", b"\x89T\x18\0\0\0", b"\x89]U\x18");
    with(
        "parse/unsupported",
        "5 dimensions",
        b"(J\x02\0\0\0",
        &[&b"("[..], &b"K\x01".repeat(3), b"J\x02\0\0\0"].concat(),
    );
    with("parse/inconsistent", "one row more", b"(J\x02\0\0\0", b"(J\x03\0\0\0");
    with("parse/inconsistent", "no row", b"(J\x02\0\0\0", b"(J\0\0\0\0");
    with("parse/inconsistent", "2^31 - 1 rows", b"(J\x02\0\0\0", b"(J\xff\xff\xff\x7f");
    with("parse/out-of-range", "fewer than no rows", b"(J\x02\0\0\0", b"(J\xff\xff\xff\xff");
    with("parse/inconsistent", "half a number", b"\x89T\x18\0\0\0", b"\x89T\x1a\0\0\0ab");
    with(
        "parse/truncated",
        "more bytes than there are",
        b"\x89T\x18\0\0\0",
        b"\x89T\xff\xff\xff\xff",
    );
    with("parse/forbidden", "another first argument", b"K\x00\x85U\x01b", b"K\x01\x85U\x01b");
    with("parse/forbidden", "a type that is copied", b"K\x00K\x01\x87R", b"K\x01K\x01\x87R");
}

fn matrices(bad: &mut Collection) {
    let mut with = |code, what: &str, change: fn(&mut Csr)| {
        let mut matrix = sound_csr();
        change(&mut matrix);
        bad.add(CSR, code, format!("pickle/csr/{what}"), write_csr(&matrix));
    };
    with("parse/inconsistent", "one row more", |m| m.n_rows += 1);
    with("parse/inconsistent", "one row less", |m| m.n_rows -= 1);
    with("parse/inconsistent", "no offsets", |m| m.offsets.clear());
    with("parse/inconsistent", "rows from 1", |m| m.offsets[0] = 1);
    with("parse/inconsistent", "rows that go back", |m| m.offsets[1] = 3);
    with("parse/inconsistent", "a row beyond the values", |m| m.offsets[2] = 9);
    with("parse/inconsistent", "values that no row has", |m| m.offsets[3] = 2);
    with("parse/inconsistent", "one column more", |m| m.columns.push(2));
    with("parse/inconsistent", "one value less", |m| m.values.truncate(2));
    with("parse/inconsistent", "columns that go down", |m| m.columns.swap(0, 1));
    with("parse/inconsistent", "a column twice", |m| m.columns[1] = 0);
    with("parse/out-of-range", "a column beyond the width", |m| m.columns[2] = 4);
    with("parse/out-of-range", "a column below 0", |m| m.columns[2] = u32::MAX);
    with("parse/out-of-range", "an offset below 0", |m| m.offsets[1] = u32::MAX);
    with("parse/bad-number", "not a number", |m| m.values[0] = f32::NAN);
    with("parse/bad-number", "without end", |m| m.values[2] = f32::NEG_INFINITY);
    with("parse/too-large", "a width that nothing bears out", |m| m.n_columns = i32::MAX as usize);
    with("parse/out-of-range", "a width below 0", |m| m.n_columns = u32::MAX as usize);
    for part in ["_shape", "indptr", "indices", "data"] {
        let spoilt = part.to_uppercase();
        let bytes = replaced(&write_csr(&sound_csr()), part.as_bytes(), spoilt.as_bytes());
        bad.add(CSR, "parse/unsupported", format!("pickle/csr/without {part}"), bytes);
    }
}

fn lists(bad: &mut Collection) {
    let bodies: [(&str, &str, &[u8]); 8] = [
        ("parse/out-of-range", "number below 0", b"}(K\x00](J\xff\xff\xff\xffeu"),
        ("parse/out-of-range", "key below 0", b"}(J\xff\xff\xff\xff]u"),
        ("parse/unsupported", "key in words", b"}(U\x01a]u"),
        ("parse/unsupported", "number in words", b"}(K\x00](U\x01aeu"),
        ("parse/unsupported", "tuple for a list", b"}(K\x00)u"),
        ("parse/unsupported", "number for a list", b"}(K\x00K\x00u"),
        ("parse/unsupported", "list in a list", b"}(K\x00]]au"),
        ("parse/unsupported", "list in itself", b"}(K\x00]q\x00h\x00au"),
    ];
    for (code, what, body) in bodies {
        bad.add(LISTS, code, format!("pickle/lists/{what}"), whole(body));
    }
}

fn limits(bad: &mut Collection) {
    let mut add = |what: &str, body: &[u8]| {
        bad.add(LISTS, "parse/too-large", format!("pickle/{what}"), whole(body));
    };
    add("17 open marks", &[b'('; 17]);
    add("2^20 + 1 values", &[b'N'; (1 << 20) + 1]);
    add("2^20 memos of one value", &[&b"N"[..], &b"q\0".repeat(1 << 20)].concat());
    // 4,000 numbers under 4,000 keys.
    let items = b"K\x07".repeat(4000);
    let keys: Vec<u8> =
        (0..4000u16).flat_map(|key| [&b"M"[..], &key.to_le_bytes(), b"h\0"].concat()).collect();
    add(
        "one list under 4,000 keys",
        &[&b"}(M\xff\xff]q\0("[..], &items, b"e", &keys, b"u"].concat(),
    );
    add("file beyond the limit", &vec![b'N'; 64 << 20]);
}
