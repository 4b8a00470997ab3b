//! Limits the bytes of a response: they are counted while rows are read and while JSON is written, so that a response
//! that is too large is never held in memory.

use std::{
    ops::{Deref, DerefMut},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::error::ReadError;
use crate::limits::ANSWER_BYTES;

/// The budget of one response, shared by all its parts; cheap to clone.
#[derive(Clone, Debug)]
pub struct ResponseBudget {
    /// Bytes of the whole response.
    limit: u64,
    read: Arc<AtomicU64>,
    written: Arc<AtomicU64>,
}

impl ResponseBudget {
    /// A budget of `limit` bytes, of which `taken` are used already.
    #[must_use]
    pub fn new(limit: usize, taken: usize) -> Self {
        let counter = || Arc::new(AtomicU64::new(taken as u64));
        Self { limit: limit as u64, read: counter(), written: counter() }
    }

    /// For internal reads, which no client receives.
    #[must_use]
    pub fn unlimited() -> Self {
        Self::new(usize::MAX, 0)
    }

    /// The same budget for parts that are written separately, and copied into the response later.
    #[must_use]
    pub(crate) fn for_part(&self) -> Self {
        Self { written: Arc::default(), ..self.clone() }
    }

    /// Counts the bytes of a row; `false` when they exceed the budget.
    pub(super) fn count_row(&self, bytes: usize) -> bool {
        self.count(&self.read, bytes)
    }

    fn count(&self, counter: &AtomicU64, bytes: usize) -> bool {
        let before = counter.fetch_add(bytes as u64, Ordering::Relaxed);
        before.saturating_add(bytes as u64) <= self.limit
    }

    /// The error of an exceeded budget.
    #[must_use]
    pub(crate) fn exceeded(&self) -> ReadError {
        let counted = self.read.load(Ordering::Relaxed).max(self.written.load(Ordering::Relaxed));
        ReadError::TooLarge(Box::new(ANSWER_BYTES.exceeded(self.limit, counted.max(self.limit.saturating_add(1)))))
    }
}

/// Bytes that are not counted at once.
const MAX_UNCOUNTED: usize = 4 * 1024;

/// A buffer of JSON that counts against the budget.
#[derive(Debug)]
pub struct JsonWriter {
    bytes: Vec<u8>,
    counted: usize,
    budget: ResponseBudget,
}

impl JsonWriter {
    /// An empty buffer.
    #[must_use]
    pub fn new(budget: &ResponseBudget) -> Self {
        Self { bytes: Vec::with_capacity(1024), counted: 0, budget: budget.clone() }
    }

    /// Counts the bytes that are written, once there are a few thousand more.
    ///
    /// # Errors
    /// When the budget is exceeded.
    pub fn check(&mut self) -> Result<(), ReadError> {
        if self.bytes.len() - self.counted < MAX_UNCOUNTED { Ok(()) } else { self.count() }
    }

    fn count(&mut self) -> Result<(), ReadError> {
        let written = self.bytes.len() - self.counted;
        self.counted = self.bytes.len();
        if self.budget.count(&self.budget.written, written) { Ok(()) } else { Err(self.budget.exceeded()) }
    }

    /// The whole buffer.
    ///
    /// # Errors
    /// When the budget is exceeded.
    pub fn finish(mut self) -> Result<Vec<u8>, ReadError> {
        self.count()?;
        Ok(self.bytes)
    }
}

impl Deref for JsonWriter {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.bytes
    }
}

impl DerefMut for JsonWriter {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_parts_of_a_response_share_its_budget() {
        let budget = ResponseBudget::new(10, 4);
        let (mut one, mut other) = (JsonWriter::new(&budget), JsonWriter::new(&budget));
        one.extend_from_slice(b"abc");
        other.extend_from_slice(b"def");
        assert_eq!(one.finish().unwrap(), b"abc");
        other.push(b'g');
        let ReadError::TooLarge(exceeded) = other.finish().unwrap_err() else { panic!() };
        assert_eq!((exceeded.rule, exceeded.limit, exceeded.actual), ("answerBytes", 10, 11));
    }

    #[test]
    fn parts_that_are_copied_later_are_counted_separately() {
        let budget = ResponseBudget::new(3, 0);
        let mut part = JsonWriter::new(&budget.for_part());
        part.extend_from_slice(b"abc");
        let part = part.finish().unwrap();
        let mut whole = JsonWriter::new(&budget);
        whole.extend_from_slice(&part);
        assert_eq!(whole.finish().unwrap(), b"abc");
        assert!(budget.count_row(3) && !budget.count_row(1));
    }
}
