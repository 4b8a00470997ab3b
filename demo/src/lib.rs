//! A made-up affiliate programme of any size, as the FirstPromoter webhooks that it would have sent.
//!
//! [`Simulation`] runs two years of the programme and yields its webhooks v1 in order. [`referral_created`] makes
//! webhooks v2 for load tests, which are independent of each other. Both are deterministic: the same arguments give the
//! same bytes in every version and on every machine, so that an event made again is a duplicate.
//!
//! Nothing here knows the server.

mod actors;
mod ids;
mod load;
mod names;
mod payload;
mod programme;
mod random;
mod simulation;
#[cfg(test)]
mod tests;

pub use load::{LOAD_PROMOTERS, LOAD_PROMOTIONS, referral_created};
pub use simulation::{DemoEvent, END, Simulation};

/// The size and seed of a simulated programme.
#[derive(Clone, Copy, Debug)]
pub struct DemoConfig {
    /// Promoters who sign up.
    pub promoters: u32,
    /// Leads that they refer.
    pub leads: u64,
    /// Another seed gives another programme, with other ids.
    pub seed: u32,
}
