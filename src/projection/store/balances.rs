//! The `balance` rows: they are derived from a promoter's balance registers.

use super::column_batch::ColumnBatch;
use crate::{
    json::JsonValue,
    projection::{
        merge::Cell,
        mirror::promoter,
        payload::{checked::is_unit, value::ValueType},
    },
};

/// A promoter's balance registers with the `kind` of their rows.
pub const BALANCE_KINDS: [(&str, u8); 4] = [
    ("earned", promoter::REGISTERS.number("earned_balance")),
    ("current", promoter::REGISTERS.number("current_balance")),
    ("paid", promoter::REGISTERS.number("paid_balance")),
    ("pending", promoter::REGISTERS.number("pending_balance")),
];

/// Balance rows to delete and to insert.
#[derive(Debug, Default)]
pub struct BalanceChanges {
    replaced: Vec<(i64, String)>,
    rows: Vec<BalanceRow>,
}

#[derive(Debug, PartialEq, Eq)]
struct BalanceRow {
    promoter: i64,
    kind: &'static str,
    unit: String,
    amount: i64,
}

impl BalanceChanges {
    /// Replaces the rows of this kind by those of a promoter's changed register.
    pub fn replace(&mut self, promoter: i64, kind: &'static str, register: &Cell) {
        self.replaced.push((promoter, format!("{promoter}:{kind}")));
        let Cell::Text(text) = register else { return };
        let Ok(JsonValue::Object(units)) = JsonValue::parse(text) else { return };
        for (unit, amount) in units {
            if let (true, Ok(Cell::Int(amount))) = (is_unit(&unit), ValueType::Decimal.parse(&amount)) {
                self.rows.push(BalanceRow { promoter, kind, unit: unit.into_owned(), amount });
            }
        }
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.replaced.is_empty()
    }

    /// The parameters of the deletion: promoter, and `promoter:kind`.
    pub fn deletions(&self) -> Vec<ColumnBatch> {
        vec![
            ColumnBatch::ints(self.replaced.iter().map(|(promoter, _)| *promoter)),
            ColumnBatch::texts(self.replaced.iter().map(|(_, key)| key.clone())),
        ]
    }

    /// The parameters of the upsert, if there are rows.
    pub fn upserts(&self) -> Option<Vec<ColumnBatch>> {
        let id = |row: &BalanceRow| format!("{}:{}:{}", row.promoter, row.kind, row.unit);
        (!self.rows.is_empty()).then(|| {
            vec![
                ColumnBatch::texts(self.rows.iter().map(id)),
                ColumnBatch::ints(self.rows.iter().map(|row| row.promoter)),
                ColumnBatch::texts(self.rows.iter().map(|row| row.kind.to_owned())),
                ColumnBatch::texts(self.rows.iter().map(|row| row.unit.clone())),
                ColumnBatch::ints(self.rows.iter().map(|row| row.amount)),
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_balance_has_a_row_for_every_unit_with_a_number() {
        let mut balances = BalanceChanges::default();
        let long = "u".repeat(101);
        let map = format!(
            r#"{{"cash":50744,"free_months":-3,"points":null,"credits":"7.5","x":1e999,"y":"1,250","{long}":1}}"#
        );
        balances.replace(5, "earned", &Cell::Text(map));
        balances.replace(5, "paid", &Cell::Null);
        let rows: Vec<_> = balances.rows.iter().map(|row| (row.unit.as_str(), row.amount)).collect();
        assert_eq!(rows, [("cash", 507_440_000), ("free_months", -30_000), ("credits", 75_000)]);
        let keys = ["5:earned", "5:paid"].map(str::to_owned);
        assert_eq!(balances.deletions(), [ColumnBatch::ints([5, 5]), ColumnBatch::texts(keys)]);
    }
}
