//! The mirrored tables as the projection sees them: which column is which register.
//!
//! A column's place in its list is its register number, which stands in every stored row's `told`:
//! **new columns go to the end, none is ever removed or moved** (a test pins the order).

use super::{
    field_clocks::{RegisterSet, bit},
    merge::Cell,
};

mod specs;

pub use specs::{
    CAMPAIGN, COMMISSION, CONTRACT_DOCUMENT, LEAD, OFFER, PAYMENTS_BATCH, PAYOUT, PAYOUT_COMMISSION, PAYOUT_METHOD,
    PROFILE, PROMOTER, PROMOTION, REWARD,
};

/// A mirrored table. The order is the order of writing: what is referred to comes first. (Promoter
/// and promotion refer to each other; promoters get stubs before.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// `offer`
    Offer,
    /// `reward`
    Reward,
    /// `campaign`
    Campaign,
    /// `promotion`
    Promotion,
    /// `promoter`
    Promoter,
    /// `profile`, keyed by the promoter.
    Profile,
    /// `payout_method`
    PayoutMethod,
    /// `payments_batch`
    PaymentsBatch,
    /// `lead`
    Lead,
    /// `commission`
    Commission,
    /// `payout`
    Payout,
    /// `payout_commission`, keyed by [both ids](super::payload::v2::link_key).
    PayoutCommission,
    /// `contract_document`
    ContractDocument,
}

impl Table {
    /// How many there are.
    pub const COUNT: usize = 13;
    /// All of them, in the order of writing.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Offer,
        Self::Reward,
        Self::Campaign,
        Self::Promotion,
        Self::Promoter,
        Self::Profile,
        Self::PayoutMethod,
        Self::PaymentsBatch,
        Self::Lead,
        Self::Commission,
        Self::Payout,
        Self::PayoutCommission,
        Self::ContractDocument,
    ];

    /// Whether webhooks v1 tell of such rows.
    #[must_use]
    pub fn filled_by_v1(self) -> bool {
        !matches!(self, Self::PayoutMethod | Self::PaymentsBatch | Self::PayoutCommission | Self::ContractDocument)
    }

    /// Its columns and names.
    #[must_use]
    pub fn spec(self) -> &'static Spec {
        match self {
            Self::Offer => &OFFER,
            Self::Reward => &REWARD,
            Self::Campaign => &CAMPAIGN,
            Self::Promotion => &PROMOTION,
            Self::Promoter => &PROMOTER,
            Self::Profile => &PROFILE,
            Self::PayoutMethod => &PAYOUT_METHOD,
            Self::PaymentsBatch => &PAYMENTS_BATCH,
            Self::Lead => &LEAD,
            Self::Commission => &COMMISSION,
            Self::Payout => &PAYOUT,
            Self::PayoutCommission => &PAYOUT_COMMISSION,
            Self::ContractDocument => &CONTRACT_DOCUMENT,
        }
    }
}

/// What a mirrored table looks like.
#[derive(Debug)]
pub struct Spec {
    /// Which one it is.
    pub table: Table,
    /// Its name in the database.
    pub name: &'static str,
    /// Its key column.
    pub key: &'static str,
    /// Its registers, by number.
    pub columns: &'static [Column],
}

/// One register.
#[derive(Debug)]
pub struct Column {
    /// Its name in the database.
    pub name: &'static str,
    /// What it holds.
    pub kind: SqlType,
    /// The column with its folded copy.
    pub folded: Option<&'static str>,
    /// The table whose rows it refers to.
    pub refers_to: Option<Table>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SqlType {
    /// A 64-bit integer.
    Int,
    /// Text, or JSON as text.
    Text,
    /// True or false.
    Bool,
}

impl Spec {
    /// The number of a column's register. Meant for constants, where a wrong name does not compile.
    ///
    /// # Panics
    /// When there is no such column.
    #[must_use]
    pub const fn register(&self, name: &str) -> u8 {
        let mut number = 0;
        while number < self.columns.len() {
            if same(self.columns[number].name, name) {
                #[expect(clippy::cast_possible_truncation, reason = "a table has fewer than 64 registers")]
                return number as u8;
            }
            number += 1;
        }
        panic!("the table has no such column")
    }

    /// The names of the columns in a set.
    pub fn names(&self, columns: RegisterSet) -> impl Iterator<Item = &'static str> {
        let named = (0..).zip(self.columns);
        named.filter(move |(register, _)| columns & bit(*register) != 0).map(|(_, column)| column.name)
    }

    /// The folded columns with the registers that they copy.
    pub fn folded(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let columns = self.columns.iter().enumerate();
        columns.filter_map(|(register, column)| column.folded.map(|folded| (folded, register)))
    }
}

/// The folded copy of a cell: what search and order use.
#[must_use]
pub fn fold(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => folding::fold(text),
        _ => String::new(),
    }
}

const fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    let mut at = 0;
    while at < left.len() {
        if left[at] != right[at] {
            return false;
        }
        at += 1;
    }
    true
}
