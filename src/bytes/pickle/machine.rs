//! The stack machine that a pickle is a program for.

use super::{
    GLOBALS, Global, Input, Limits, Node, Object, ParseError, ParseErrorKind, Pickle, Place, Value,
    opcode, text,
};
use std::collections::BTreeMap;

/// Runs a pickle.
pub(super) fn load<'a>(
    file: &'a str,
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<Pickle<'a>, ParseError> {
    limits.check_file(file, bytes)?;
    let mut machine = Machine {
        input: Input::new(file, bytes),
        limits: *limits,
        opcode_at: 0,
        stack: Vec::new(),
        marks: Vec::new(),
        memo: BTreeMap::new(),
        nodes: Vec::new(),
        n_values: 0,
    };
    let root = machine.run()?;
    Ok(Pickle { file, nodes: machine.nodes, root })
}

struct Machine<'a> {
    input: Input<'a>,
    limits: Limits,
    opcode_at: usize,
    stack: Vec<Value<'a>>,
    /// The stack's height at each open mark.
    marks: Vec<usize>,
    memo: BTreeMap<usize, Value<'a>>,
    nodes: Vec<(usize, Node<'a>)>,
    n_values: usize,
}

impl<'a> Machine<'a> {
    fn run(&mut self) -> Result<Value<'a>, ParseError> {
        if self.input.array()? != [opcode::PROTO, 2] {
            let kind = ParseErrorKind::WrongMagic;
            return Err(self.error(kind, "a pickle of protocol 2", "other bytes"));
        }
        loop {
            self.opcode_at = self.input.position();
            let opcode = self.input.byte()?;
            if opcode == opcode::STOP {
                break;
            }
            self.step(opcode)?;
        }
        self.input.finish()?;
        let root = self.pop()?;
        if !self.stack.is_empty() || !self.marks.is_empty() {
            return Err(self.error(ParseErrorKind::Inconsistent, "one value at the end", "more"));
        }
        Ok(root)
    }

    fn step(&mut self, opcode: u8) -> Result<(), ParseError> {
        match opcode {
            opcode::NONE => self.push(Value::None),
            opcode::NEWTRUE => self.push(Value::Bool(true)),
            opcode::NEWFALSE => self.push(Value::Bool(false)),
            opcode::BININT1 => {
                let n = self.input.byte()?;
                self.push(Value::Int(n.into()))
            }
            opcode::BININT2 => {
                let n = u16::from_le_bytes(self.input.array()?);
                self.push(Value::Int(n.into()))
            }
            opcode::BININT => {
                let n = i32::from_le_bytes(self.input.array()?);
                self.push(Value::Int(n))
            }
            opcode::SHORT_BINSTRING => {
                let n = self.input.byte()?;
                let bytes = self.input.take(n.into())?;
                self.push(Value::Bytes(bytes))
            }
            opcode::BINSTRING => {
                let n = self.input.count_le()?;
                let bytes = self.input.take(n)?;
                self.push(Value::Bytes(bytes))
            }
            opcode::GLOBAL => self.global(),
            opcode::BINPUT => {
                let slot = self.input.byte()?;
                self.memorise(slot.into())
            }
            opcode::LONG_BINPUT => {
                let slot = self.input.count_le()?;
                self.memorise(slot)
            }
            opcode::BINGET => self.recall(),
            opcode::MARK => self.mark(),
            opcode::EMPTY_TUPLE => self.push_node(Node::Tuple(Vec::new())),
            opcode::EMPTY_LIST => self.push_node(Node::List(Vec::new())),
            opcode::EMPTY_DICT => self.push_node(Node::Dict(Vec::new())),
            opcode::TUPLE => {
                let items = self.pop_to_mark()?;
                self.push_node(Node::Tuple(items))
            }
            opcode::TUPLE1 => self.tuple(1),
            opcode::TUPLE2 => self.tuple(2),
            opcode::TUPLE3 => self.tuple(3),
            opcode::APPEND => {
                let item = self.pop()?;
                self.append(vec![item])
            }
            opcode::APPENDS => {
                let items = self.pop_to_mark()?;
                self.append(items)
            }
            opcode::SETITEMS => self.set_items(),
            opcode::NEWOBJ => self.new_object(),
            opcode::REDUCE => self.reduce(),
            opcode::BUILD => self.build(),
            other => {
                let found = format!("{other:#04x}");
                Err(self.error(ParseErrorKind::Forbidden, "an opcode that is allowed", found))
            }
        }
    }

    /// Counts one more value against the limit.
    fn spend(&mut self) -> Result<(), ParseError> {
        self.n_values = self.n_values.saturating_add(1);
        if self.n_values <= self.limits.values {
            return Ok(());
        }
        let expected = format!("at most {} values", self.limits.values);
        Err(self.error(ParseErrorKind::TooLarge, expected, "more"))
    }

    fn push(&mut self, value: Value<'a>) -> Result<(), ParseError> {
        self.spend()?;
        self.stack.push(value);
        Ok(())
    }

    fn push_node(&mut self, node: Node<'a>) -> Result<(), ParseError> {
        let number = self.nodes.len();
        self.nodes.push((self.opcode_at, node));
        self.push(Value::Node(number))
    }

    fn mark(&mut self) -> Result<(), ParseError> {
        if self.marks.len() >= self.limits.depth {
            let expected = format!("at most {} open marks", self.limits.depth);
            return Err(self.error(ParseErrorKind::TooLarge, expected, "more"));
        }
        self.marks.push(self.stack.len());
        Ok(())
    }

    /// The top of the stack, down to the last mark.
    fn pop(&mut self) -> Result<Value<'a>, ParseError> {
        let floor = self.marks.last().copied().unwrap_or(0);
        if self.stack.len() > floor
            && let Some(value) = self.stack.pop()
        {
            return Ok(value);
        }
        Err(self.error(ParseErrorKind::Inconsistent, "a value on the stack", "none"))
    }

    fn pop_to_mark(&mut self) -> Result<Vec<Value<'a>>, ParseError> {
        match self.marks.pop() {
            // `pop` stops at a mark, so that none is ever above the stack.
            Some(mark) => Ok(self.stack.split_off(mark)),
            None => Err(self.error(ParseErrorKind::Inconsistent, "a mark on the stack", "none")),
        }
    }

    /// The node on top of the stack, which stays.
    fn top(&mut self) -> Option<&mut Node<'a>> {
        match self.stack.last() {
            Some(&Value::Node(number)) => self.nodes.get_mut(number).map(|(_, node)| node),
            _ => None,
        }
    }

    fn global(&mut self) -> Result<(), ParseError> {
        let (module, name) = (self.input.until_newline()?, self.input.until_newline()?);
        let is = |g: &&(&str, &str, Global)| module == g.0.as_bytes() && name == g.1.as_bytes();
        if let Some(&(_, _, global)) = GLOBALS.iter().find(is) {
            return self.push(Value::Global(global));
        }
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        let found = text::quoted(&format!("{}.{}", text(module), text(name)));
        Err(self.error(ParseErrorKind::Forbidden, "a global that is allowed", found))
    }

    fn memorise(&mut self, slot: usize) -> Result<(), ParseError> {
        let Some(&value) = self.stack.last() else {
            return Err(self.error(ParseErrorKind::Inconsistent, "a value on the stack", "none"));
        };
        self.spend()?;
        self.memo.insert(slot, value);
        Ok(())
    }

    fn recall(&mut self) -> Result<(), ParseError> {
        let slot = self.input.byte()?;
        match self.memo.get(&usize::from(slot)) {
            Some(&value) => self.push(value),
            None => {
                let found = format!("nothing in slot {slot}");
                Err(self.error(ParseErrorKind::Inconsistent, "a value in the memo", found))
            }
        }
    }

    fn tuple(&mut self, n: usize) -> Result<(), ParseError> {
        let mut items = Vec::new();
        for _ in 0..n {
            items.push(self.pop()?);
        }
        items.reverse();
        self.push_node(Node::Tuple(items))
    }

    fn append(&mut self, items: Vec<Value<'a>>) -> Result<(), ParseError> {
        match self.top() {
            Some(Node::List(list)) => {
                list.extend(items);
                Ok(())
            }
            _ => Err(self.error(ParseErrorKind::Inconsistent, "a list to append to", "none")),
        }
    }

    fn set_items(&mut self) -> Result<(), ParseError> {
        let items = self.pop_to_mark()?;
        let (pairs, odd) = items.as_chunks();
        match self.top() {
            Some(Node::Dict(dict)) if odd.is_empty() => {
                dict.extend(pairs.iter().map(|&[key, value]| (key, value)));
                Ok(())
            }
            _ => Err(self.error(ParseErrorKind::Inconsistent, "a dict and pairs to set", "none")),
        }
    }

    /// `cls.__new__(cls, *args)`: only a matrix in compressed rows, without arguments.
    fn new_object(&mut self) -> Result<(), ParseError> {
        let (arguments, class) = (self.pop()?, self.pop()?);
        match (class, self.items(arguments)) {
            (Value::Global(Global::CsrMatrix), Some([])) => {
                self.push_object(Object::Csr, Value::None)
            }
            _ => Err(self.error(ParseErrorKind::Forbidden, "a csr_matrix to make", "another")),
        }
    }

    /// `callable(*args)`: only the three calls that the files make, none of which is carried out.
    fn reduce(&mut self) -> Result<(), ParseError> {
        let (arguments, callable) = (self.pop()?, self.pop()?);
        let Value::Global(global) = callable else {
            return Err(self.error(ParseErrorKind::Forbidden, "a global to call", "another value"));
        };
        match (global, self.items(arguments)) {
            (Global::Dtype, Some(&[code @ Value::Bytes(_), Value::Int(0), Value::Int(1)])) => {
                self.push_object(Object::Dtype, code)
            }
            (
                Global::Reconstruct,
                Some(&[Value::Global(Global::Ndarray), shape, Value::Bytes(b"b")]),
            ) if matches!(self.items(shape), Some([Value::Int(0)])) => {
                self.push_object(Object::Array, Value::None)
            }
            (Global::DefaultDict, Some([Value::Global(Global::List)])) => {
                self.push_node(Node::Dict(Vec::new()))
            }
            _ => {
                let found = format!("a call of {global:?} with other arguments");
                Err(self.error(ParseErrorKind::Forbidden, "a call that is allowed", found))
            }
        }
    }

    /// `object.__setstate__(state)`, once an object.
    fn build(&mut self) -> Result<(), ParseError> {
        let given = self.pop()?;
        match self.top() {
            Some(Node::Object { state: state @ None, .. }) => {
                *state = Some(given);
                Ok(())
            }
            _ => Err(self.error(ParseErrorKind::Inconsistent, "an object without state", "none")),
        }
    }

    fn push_object(&mut self, kind: Object, argument: Value<'a>) -> Result<(), ParseError> {
        self.push_node(Node::Object { kind, argument, state: None })
    }

    /// The items of a tuple.
    fn items(&self, value: Value) -> Option<&[Value<'a>]> {
        match value {
            Value::Node(number) => match self.nodes.get(number) {
                Some((_, Node::Tuple(items))) => Some(items),
                _ => None,
            },
            _ => None,
        }
    }

    /// An error at the opcode that is being carried out.
    fn error(
        &self,
        kind: ParseErrorKind,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> ParseError {
        let place = Place::Byte(self.opcode_at);
        ParseError::new(self.input.file(), place, kind, expected, found)
    }
}
