//! SQL conditions on the status of events that use the right index whatever the planner's statistics say.
//!
//! `PostgreSQL`'s statistics are out of date as soon as a backlog grows or shrinks. For a plain
//! `status = 'pending' order by id` it may then walk the primary key through all applied events, and for
//! `id = any($1) and status = 'pending'` through all pending ones.

/// Pending events. A range, so that only the index over (status, id) gives [`IN_ORDER`]; with equality any index
/// ordered by id would do.
pub const PENDING: &str = "status between 'pending' and 'pending'";

/// Pending events after the id in the parameter with this number (all, after an empty one), in [`IN_ORDER`]. Applied
/// events leave dead index entries behind until no transaction can see them any more; starting after the last id spares
/// scanning those with every batch of a backlog.
#[must_use]
pub fn pending_behind(number: u8) -> String {
    format!("(status, id) > ('pending', ${number}) and status <= 'pending'")
}

/// Applied events; a range for the same reason.
pub const APPLIED: &str = "status between 'applied' and 'applied'";

/// The order of receipt, for one of the ranges.
pub const IN_ORDER: &str = "order by status, id";

/// The same, descending.
pub const LAST_FIRST: &str = "order by status desc, id desc";

/// Whether an event that is found by its id is pending. Written so that no index fits.
pub const IS_PENDING: &str = "webhook_event.status || '' = 'pending'";

/// The same for an applied one.
pub const IS_APPLIED: &str = "webhook_event.status || '' = 'applied'";

/// Events that are held back until the server's clock reaches their time. All are pending, and a partial index has
/// them.
pub const HELD: &str = "held_since is not null";

/// The opposite, written so that the rows themselves need not be read.
pub const NOT_HELD: &str = "id not in (select h.id from webhook_event h where h.held_since is not null)";

/// Events with warnings. All are applied, and a partial index has them.
pub const WARNED: &str = "warnings is not null";
