//! How statements find events by their status, whatever the planner believes about how many there are.
//!
//! What `PostgreSQL` knows of that is out of date as soon as a backlog grows or is worked off. With a plain
//! `status = 'pending' order by id` it may then walk the primary key through everything that was ever
//! applied, and with `id = any($1) and status = 'pending'` through everything that waits.

/// What waits. A range, since only the index over (status, id) then gives [`IN_ORDER`]: equality would
/// let any order by id do.
pub const PENDING: &str = "status between 'pending' and 'pending'";

/// What waits behind the id that is the parameter with this number (all, behind an empty one), in [`IN_ORDER`]. Events
/// that were applied leave their places in the index behind as long as anybody may see the state before: who works off
/// a backlog must not look through them each time.
#[must_use]
pub fn pending_behind(number: u8) -> String {
    format!("(status, id) > ('pending', ${number}) and status <= 'pending'")
}

/// What was applied; a range for the same reason.
pub const APPLIED: &str = "status between 'applied' and 'applied'";

/// The order of receipt, of events that one of the ranges finds.
pub const IN_ORDER: &str = "order by status, id";

/// The same, the last first.
pub const LAST_FIRST: &str = "order by status desc, id desc";

/// Whether an event that its id finds waits: nothing that an index could be asked for.
pub const IS_PENDING: &str = "webhook_event.status || '' = 'pending'";

/// Whether such an event was applied.
pub const IS_APPLIED: &str = "webhook_event.status || '' = 'applied'";

/// Whether an event waits for the server's clock. Only what is pending does, and an index has these alone.
pub const HELD: &str = "held_since is not null";

/// Whether it does not; so said, the events that it is asked of need not be read.
pub const NOT_HELD: &str = "id not in (select h.id from webhook_event h where h.held_since is not null)";

/// Whether an event told something that was not understood. Only what is applied does, and an index has these alone.
pub const WARNED: &str = "warnings is not null";
