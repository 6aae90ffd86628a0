//! A checkpoint as bytes. Reading them is parsing like any other: counts are checked before anything
//! is allocated, and whatever the bytes are, the answer is a checkpoint or a typed error.

use sha2::{Digest, Sha256};

use super::{Checkpoint, CheckpointError, State, TensorInfo};

const MAGIC: &[u8; 8] = b"MOLECKPT";

/// Of the form that this release writes, and the only one that it reads.
pub const VERSION: u32 = 1;

/// More bytes are neither written nor read.
pub const MOST_BYTES: u64 = 1 << 30;

/// A plan and some hundred names.
const MOST_HEADER: u32 = 16 << 20;

/// Of the header's values within one another; plans have fewer than ten.
const MOST_DEPTH: usize = 32;

/// Bytes before the header.
const PREFIX: usize = 48;

impl Checkpoint {
    /// As a file.
    ///
    /// # Errors
    /// [`CheckpointError::TooLarge`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, CheckpointError> {
        let encoded = self.encode()?;
        let mut file = Vec::with_capacity(encoded.length);
        encoded.write(|part| file.extend_from_slice(part));
        Ok(file)
    }

    /// As a file that is written part by part, so that its numbers need not be held twice.
    ///
    /// # Errors
    /// [`CheckpointError::TooLarge`].
    pub fn encode(&self) -> Result<Encoded<'_>, CheckpointError> {
        let mut header = Vec::new();
        // Plain data with names for keys always has a form; writing to memory does not fail.
        let _ = ciborium::into_writer(&self.state, &mut header);
        let numbers: usize = self.values.iter().map(Vec::len).sum();
        let bytes = (PREFIX + header.len()) as u64 + numbers as u64 * 4;
        let header_length =
            u32::try_from(header.len()).ok().filter(|length| *length <= MOST_HEADER);
        let Some(header_length) = header_length.filter(|_| bytes <= MOST_BYTES) else {
            return Err(CheckpointError::TooLarge { found: bytes });
        };
        let (version, length) = (VERSION.to_le_bytes(), header_length.to_le_bytes());
        let mut hash = Sha256::new().chain_update(version).chain_update(length);
        hash.update(&header);
        in_bytes(&self.values, |part| hash.update(part));
        let digest: [u8; 32] = hash.finalize().into();
        let beginning = [&MAGIC[..], &version, &length, &digest, &header].concat();
        Ok(Encoded { length: bytes as usize, beginning, values: &self.values })
    }

    /// From a file.
    ///
    /// # Errors
    /// [`CheckpointError::Damaged`], [`CheckpointError::OtherVersion`], [`CheckpointError::TooLarge`].
    pub fn from_bytes(file: &[u8]) -> Result<Self, CheckpointError> {
        if file.len() as u64 > MOST_BYTES {
            return Err(CheckpointError::TooLarge { found: file.len() as u64 });
        }
        let Some((prefix, body)) = file.split_at_checked(PREFIX) else {
            let expected = format!("at least {PREFIX} bytes");
            return Err(CheckpointError::damaged("its beginning", expected, file.len()));
        };
        let (magic, rest) = prefix.split_at(8);
        let (numbers, written) = rest.split_at(8);
        if magic != MAGIC {
            return Err(CheckpointError::damaged("byte 0", "MOLECKPT", "other bytes"));
        }
        let [version, length] = [&numbers[..4], &numbers[4..]].map(u32_of);
        if version != VERSION {
            return Err(CheckpointError::OtherVersion { found: version });
        }
        if digest(numbers, body)[..] != *written {
            return Err(CheckpointError::damaged("byte 16", "the SHA-256 of the rest", "another"));
        }
        let header = usize::try_from(length).ok().filter(|_| length <= MOST_HEADER);
        let Some((header, numbers)) = header.and_then(|length| body.split_at_checked(length))
        else {
            let expected = format!("at most {} bytes of header", body.len());
            return Err(CheckpointError::damaged("byte 12", expected, length));
        };
        let state: State = ciborium::de::from_reader_with_recursion_limit(header, MOST_DEPTH)
            .map_err(|error| {
                let found: String = error.to_string().chars().take(80).collect();
                CheckpointError::damaged("its header", "the fields of a checkpoint", found)
            })?;
        let values = split(&state.tensors, numbers)?;
        Ok(Checkpoint { state, values })
    }
}

/// A checkpoint as a file, its numbers still where they are.
pub struct Encoded<'a> {
    /// Bytes of the whole file.
    pub length: usize,
    /// All that comes before the numbers.
    beginning: Vec<u8>,
    values: &'a [Vec<f32>],
}

impl Encoded<'_> {
    /// Gives the file's parts, one after another.
    pub fn write(&self, mut part: impl FnMut(&[u8])) {
        part(&self.beginning);
        in_bytes(self.values, part);
    }
}

/// Numbers as the file has them, in pieces.
fn in_bytes(values: &[Vec<f32>], mut piece: impl FnMut(&[u8])) {
    const NUMBERS: usize = 1 << 12;

    let mut bytes = Vec::with_capacity(NUMBERS * size_of::<f32>());
    for numbers in values.iter().flat_map(|values| values.chunks(NUMBERS)) {
        bytes.clear();
        bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        piece(&bytes);
    }
}

fn u32_of(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn digest(numbers: &[u8], body: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(numbers).chain_update(body).finalize().into()
}

/// The numbers of each tensor. What the header claims is held against the bytes that are there.
fn split(tensors: &[TensorInfo], mut bytes: &[u8]) -> Result<Vec<Vec<f32>>, CheckpointError> {
    let mut values = Vec::new();
    for TensorInfo { name, shape } in tensors {
        let size = shape.iter().try_fold(4usize, |size, side| size.checked_mul(*side));
        let Some((own, rest)) = size.and_then(|size| bytes.split_at_checked(size)) else {
            let name: String = name.chars().take(40).collect();
            let expected = format!("{shape:?} numbers").chars().take(80).collect::<String>();
            let found = format!("{} bytes", bytes.len());
            return Err(CheckpointError::damaged(format!("tensor {name:?}"), expected, found));
        };
        let number = |bytes: &[u8]| f32::from_bits(u32_of(bytes));
        values.push(own.chunks_exact(4).map(number).collect());
        bytes = rest;
    }
    match bytes.is_empty() {
        true => Ok(values),
        false => {
            let found = format!("{} more bytes", bytes.len());
            Err(CheckpointError::damaged("its end", "nothing after the last tensor", found))
        }
    }
}
