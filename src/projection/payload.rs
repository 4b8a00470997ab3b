//! What the readers of payloads share: values, objects, envelopes, and warnings about what they could not use.

pub mod checked;
pub mod object;
pub mod v2_event;
pub mod value;
