//! The viewer: what a valid token may see.

/// Who is asking. Made once from the token, for every transport alike; everything that is read
/// starts from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// Sees and does everything.
    Admin,
    /// Sees every row; contact data only with `pii`.
    Analyst {
        /// Whether contact data (e-mail, names, addresses, ...) is shown in full.
        pii: bool,
    },
    /// Sees what is its own.
    Promoter {
        /// FirstPromoter's promoter id.
        id: i64,
    },
}
