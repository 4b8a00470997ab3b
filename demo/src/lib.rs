//! A made-up affiliate programme of any size, as the FirstPromoter webhooks that it would have sent.
//!
//! [`Simulation`] runs two years of the programme and yields its webhooks in order: of some campaigns v1, of others v2,
//! which FirstPromoter's users choose for each. [`referral_created`] makes webhooks v2 for load tests, which are
//! independent of each other. Both are deterministic: the same arguments give the same bytes on every machine, so that
//! an event made again is a duplicate.
//!
//! Nothing here knows the server.

mod actors;
mod clock;
mod ids;
mod load;
mod names;
mod programme;
mod random;
mod simulation;
#[cfg(test)]
mod tests;
mod v1;
mod v2;

pub use load::{LOAD_PROMOTERS, LOAD_PROMOTIONS, referral_created};
pub use simulation::{DemoEvent, Simulation};

/// The largest seed, so that the ids of its payouts fit 31 bits.
pub const MAX_SEED: u32 = 1000;
/// The most leads, so that the ids of their commissions do not reach those of the next seed.
pub const MAX_LEADS: u64 = 5_000_000;

/// The size, the seed and the end of a simulated programme.
#[derive(Clone, Copy, Debug)]
pub struct DemoConfig {
    /// Promoters who sign up.
    pub promoters: u32,
    /// Leads that they refer, at most [`MAX_LEADS`]. One that is moved to another promoter counts twice.
    pub leads: u64,
    /// 1 to [`MAX_SEED`]. Another seed gives another programme, with other ids.
    pub seed: u32,
    /// The end of the two years, in milliseconds since 1970: all events are before. With another end, all times are
    /// shifted and nothing else.
    pub end_ms: i64,
}
