//! A made-up programme of any size, told as FirstPromoter would: by webhooks, through the inbox and
//! the projection. The same plan gives the same events, byte for byte.

mod cast;
mod fill;
mod ids;
mod payload;
mod people;
mod random;
mod rules;
mod story;
#[cfg(test)]
mod tests;

pub use fill::{Filled, fill};
pub use story::{Event, Story};

/// How large the demo is. The same plan tells the same story.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Promoters who sign up.
    pub promoters: u32,
    /// Leads who come in through them.
    pub leads: u64,
    /// Another seed is another programme, with other ids.
    pub seed: u32,
}
