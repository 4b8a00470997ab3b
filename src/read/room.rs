//! How many bytes an answer may have: counted while rows are read and while they are written, so that
//! what does not fit is never held in memory.

use std::{
    ops::{Deref, DerefMut},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::error::ReadError;
use crate::limits::ANSWER_BYTES;

/// The room that everything which is read for one answer shares; cheap to clone.
#[derive(Clone, Debug)]
pub struct Room {
    /// Bytes of the whole answer.
    limit: u64,
    read: Arc<AtomicU64>,
    written: Arc<AtomicU64>,
}

impl Room {
    /// Room for so many bytes, of which some are taken already.
    #[must_use]
    pub fn new(limit: usize, taken: usize) -> Self {
        let counter = || Arc::new(AtomicU64::new(taken as u64));
        Self { limit: limit as u64, read: counter(), written: counter() }
    }

    /// For readers that nobody sends anything to.
    #[must_use]
    pub fn unlimited() -> Self {
        Self::new(usize::MAX, 0)
    }

    /// As much room for parts that are written beside the answer, and copied into it later.
    #[must_use]
    pub(crate) fn beside(&self) -> Self {
        Self { written: Arc::default(), ..self.clone() }
    }

    /// Takes what the row of a database holds; `false` when that is too much.
    pub(super) fn takes_row(&self, bytes: usize) -> bool {
        self.takes(&self.read, bytes)
    }

    fn takes(&self, counter: &AtomicU64, bytes: usize) -> bool {
        let before = counter.fetch_add(bytes as u64, Ordering::Relaxed);
        before.saturating_add(bytes as u64) <= self.limit
    }

    /// That there was not enough of it.
    #[must_use]
    pub(crate) fn exceeded(&self) -> ReadError {
        let counted = self.read.load(Ordering::Relaxed).max(self.written.load(Ordering::Relaxed));
        ReadError::TooLarge(Box::new(ANSWER_BYTES.exceeded(self.limit, counted.max(self.limit.saturating_add(1)))))
    }
}

/// JSON while it is written.
#[derive(Debug)]
pub struct Out {
    bytes: Vec<u8>,
    counted: usize,
    room: Room,
}

impl Out {
    /// Nothing yet.
    #[must_use]
    pub fn new(room: &Room) -> Self {
        Self { bytes: Vec::new(), counted: 0, room: room.clone() }
    }

    /// Counts what was written since the last time.
    ///
    /// # Errors
    /// When there is no room for it.
    pub fn check(&mut self) -> Result<(), ReadError> {
        let written = self.bytes.len() - self.counted;
        self.counted = self.bytes.len();
        if self.room.takes(&self.room.written, written) { Ok(()) } else { Err(self.room.exceeded()) }
    }

    /// All of it.
    ///
    /// # Errors
    /// When there is no room for it.
    pub fn finish(mut self) -> Result<Vec<u8>, ReadError> {
        self.check()?;
        Ok(self.bytes)
    }
}

impl Deref for Out {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.bytes
    }
}

impl DerefMut for Out {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_parts_of_an_answer_share_its_room() {
        let room = Room::new(10, 4);
        let (mut one, mut other) = (Out::new(&room), Out::new(&room));
        one.extend_from_slice(b"abc");
        other.extend_from_slice(b"def");
        one.check().unwrap();
        other.check().unwrap();
        assert_eq!(one.finish().unwrap(), b"abc");
        other.push(b'g');
        let ReadError::TooLarge(exceeded) = other.finish().unwrap_err() else { panic!() };
        assert_eq!((exceeded.rule, exceeded.limit, exceeded.actual), ("answerBytes", 10, 11));
    }

    #[test]
    fn what_is_copied_later_is_counted_apart() {
        let room = Room::new(3, 0);
        let mut part = Out::new(&room.beside());
        part.extend_from_slice(b"abc");
        let part = part.finish().unwrap();
        let mut whole = Out::new(&room);
        whole.extend_from_slice(&part);
        assert_eq!(whole.finish().unwrap(), b"abc");
        assert!(room.takes_row(3) && !room.takes_row(1));
    }
}
