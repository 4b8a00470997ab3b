//! The clock of every field of a row, and its text form in the row's column `field_clocks`.
//!
//! The text is one entry per clock, newest first, joined by `;`. An entry is
//! `ms:precedence:hash:registers:event`: milliseconds in decimal, the precedence's digit, hash and register
//! set in hexadecimal, and the event id with `%`, `;` and control characters escaped.

use std::fmt::{self, Write as _};

use thiserror::Error;

use super::{
    clock::{Clock, EventKey, Precedence},
    registers::RegisterSet,
};

/// The clock of every register that was ever set. Each register is in one entry at most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldClocks(Vec<(Clock, RegisterSet)>);

/// A stored text that does not parse.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("the column `field_clocks` holds an entry that cannot be parsed")]
pub struct FieldClocksError;

impl FieldClocks {
    /// Whether no register was set yet: the row is a stub.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entries, newest first.
    pub fn entries(&self) -> impl Iterator<Item = (&Clock, RegisterSet)> {
        self.0.iter().map(|(clock, registers)| (clock, *registers))
    }

    /// The registers whose clock is larger than this one, and those whose clock equals it.
    #[must_use]
    pub fn compare(&self, clock: &Clock) -> (RegisterSet, RegisterSet) {
        let (mut newer, mut same) = (0, 0);
        for (entry, registers) in self.entries() {
            match entry.cmp(clock) {
                std::cmp::Ordering::Greater => newer |= registers,
                std::cmp::Ordering::Equal => same |= registers,
                std::cmp::Ordering::Less => break,
            }
        }
        (newer, same)
    }

    /// Moves these registers to this clock.
    pub fn set(&mut self, clock: &Clock, registers: RegisterSet) {
        if registers == 0 {
            return;
        }
        self.0.retain_mut(|(entry, set)| {
            *set = if entry == clock { *set | registers } else { *set & !registers };
            *set != 0
        });
        let position = self.0.partition_point(|(entry, _)| entry > clock);
        if self.0.get(position).is_none_or(|(entry, _)| entry != clock) {
            self.0.insert(position, (clock.clone(), registers));
        }
    }

    /// Parses the stored text.
    ///
    /// # Errors
    /// When it does not have the form that [`FieldClocks`] is displayed in.
    pub fn parse(text: &str) -> Result<Self, FieldClocksError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        text.split(';').map(parse_entry).collect::<Option<Vec<_>>>().map(Self).ok_or(FieldClocksError)
    }
}

impl fmt::Display for FieldClocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (clock, registers)) in self.0.iter().enumerate() {
            let separator = if position == 0 { "" } else { ";" };
            let Clock { ms, precedence, event } = clock;
            write!(f, "{separator}{ms}:{}:{:x}:{registers:x}:", precedence.digit(), event.hash)?;
            for character in event.id.chars() {
                match character {
                    '%' | ';' | '\0'..='\u{1f}' => write!(f, "%{:02x}", u32::from(character))?,
                    other => f.write_char(other)?,
                }
            }
        }
        Ok(())
    }
}

fn parse_entry(text: &str) -> Option<(Clock, RegisterSet)> {
    let mut parts = text.splitn(5, ':');
    let ms = parts.next()?.parse().ok()?;
    let precedence = Precedence::from_digit(parts.next()?.parse().ok()?)?;
    let hash = u64::from_str_radix(parts.next()?, 16).ok()?;
    let registers = u64::from_str_radix(parts.next()?, 16).ok()?;
    let id = unescape(parts.next()?)?;
    Some((Clock { ms, precedence, event: EventKey { id: id.into(), hash } }, registers))
}

fn unescape(text: &str) -> Option<String> {
    let mut pieces = text.split('%');
    let mut id = pieces.next()?.to_owned();
    for piece in pieces {
        let code = u8::from_str_radix(piece.get(..2)?, 16).ok()?;
        id.push(char::from(code));
        id.push_str(&piece[2..]);
    }
    Some(id)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn clock(ms: i64, id: &str) -> Clock {
        Clock { ms, precedence: Precedence::Updated, event: EventKey::new(id, "00ff00ff00ff00ff") }
    }

    #[test]
    fn a_register_moves_to_the_clock_that_set_it_last() {
        let mut clocks = FieldClocks::default();
        clocks.set(&clock(1, "a"), 0b0111);
        clocks.set(&clock(2, "b"), 0b0110);
        assert_eq!(clocks.to_string(), "2:3:ff00ff00ff00ff:6:b;1:3:ff00ff00ff00ff:1:a");
        clocks.set(&clock(3, "c"), 0b0001);
        assert_eq!(clocks.entries().count(), 2, "an entry without registers is removed");
        assert_eq!(clocks.compare(&clock(2, "b")), (0b0001, 0b0110));
    }

    #[test]
    fn text_of_another_form_is_refused() {
        for text in ["x", "1:9:0:1:a", "1:1:zz:1:a", "1:1:0:1", "1:1:0:1:%zz", "1:1:0:1:%é", ";"] {
            assert_eq!(FieldClocks::parse(text), Err(FieldClocksError), "{text}");
        }
        assert_eq!(FieldClocks::parse(""), Ok(FieldClocks::default()));
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(entries in proptest::collection::vec((any::<i64>(), 0_u8..6, "\\PC{0,9}|[%;:\n\t]{0,5}", any::<u64>(), any::<u64>()), 0..5)) {
            let mut clocks = FieldClocks::default();
            for (ms, precedence, id, hash, registers) in entries {
                let event = EventKey { id: id.into(), hash };
                clocks.set(&Clock { ms, precedence: Precedence::from_digit(precedence).unwrap(), event }, registers);
            }
            prop_assert_eq!(FieldClocks::parse(&clocks.to_string()), Ok(clocks));
        }
    }
}
