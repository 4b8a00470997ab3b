//! What the projection knows about a mirrored table: its registers, and the rest from its `SeaORM` entity.

use entity::MirroredTable;
use sea_orm::{
    ColumnTrait as _, ColumnType, EntityTrait, IdenStatic as _, Identity, Iterable as _, RelationDef,
    RelationTrait as _,
};

use crate::projection::{
    merge::Cell,
    registers::{RegisterSet, Registers, bit},
};

/// A mirrored table.
#[derive(Debug)]
pub struct TableSpec {
    /// Which one it is.
    pub table: MirroredTable,
    /// Its name in the database.
    pub name: &'static str,
    /// Its key column.
    pub key: &'static str,
    /// Its registers, by number.
    pub registers: Vec<Register>,
}

/// A column that events set.
#[derive(Debug)]
pub struct Register {
    /// Its name in the database.
    pub name: &'static str,
    /// Its type.
    pub sql_type: SqlType,
    /// The column with its folded copy.
    pub folded: Option<&'static str>,
    /// The table that it refers to.
    pub refers_to: Option<MirroredTable>,
    /// Whether the column, or one derived from it, is in an index.
    pub is_indexed: bool,
}

/// The type of a column or parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SqlType {
    /// A 64-bit integer.
    Int,
    /// Text, or JSON as text.
    Text,
    /// True or false.
    Bool,
}

impl TableSpec {
    /// The number of a column's register.
    #[must_use]
    pub fn register(&self, name: &str) -> Option<u8> {
        (0..).zip(&self.registers).find(|(_, register)| register.name == name).map(|(number, _)| number)
    }

    /// The names of the columns in a set.
    pub fn names(&self, set: RegisterSet) -> impl Iterator<Item = &'static str> {
        let numbered = (0..).zip(&self.registers);
        numbered.filter(move |(number, _)| set & bit(*number) != 0).map(|(_, register)| register.name)
    }

    /// The folded columns with the registers that they copy.
    pub fn folded(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let registers = self.registers.iter().enumerate();
        registers.filter_map(|(number, register)| register.folded.map(|folded| (folded, number)))
    }
}

/// Derives the spec of a table from its entity. (Tests hold registers and entities together.)
pub fn table_spec<E: EntityTrait>(table: MirroredTable, registers: &Registers) -> TableSpec {
    let column = |name: &str| E::Column::iter().find(|column| column.as_str() == name);
    let relations: Vec<_> = E::Relation::iter().map(|relation| relation.def()).filter(|def| !def.is_owner).collect();
    let register = |name: &'static str| {
        let sql_type = column(name).map_or(SqlType::Text, |column| sql_type(column.def().get_column_type()));
        let folded = column(&format!("{name}_folded")).map(|column| column.as_str());
        let refers_to = relations.iter().find_map(|def| referred_table(def, name));
        let is_indexed = folded.is_some() || refers_to.is_some() || registers.is_indexed(name);
        Register { name, sql_type, folded, refers_to, is_indexed }
    };
    TableSpec {
        table,
        name: table.name(),
        key: E::PrimaryKey::iter().next().map_or("id", |key| key.as_str()),
        registers: registers.columns().iter().map(|name| register(name)).collect(),
    }
}

fn sql_type(column_type: &ColumnType) -> SqlType {
    match column_type {
        ColumnType::BigInteger => SqlType::Int,
        ColumnType::Boolean => SqlType::Bool,
        _ => SqlType::Text,
    }
}

fn referred_table(relation: &RelationDef, column: &str) -> Option<MirroredTable> {
    let name = relation.to_tbl.sea_orm_table().to_string();
    let is_from = matches!(&relation.from_col, Identity::Unary(from) if from.to_string() == column);
    MirroredTable::ALL.into_iter().find(|table| is_from && table.name() == name)
}

/// The folded copy of a cell, for search and order.
#[must_use]
pub fn fold(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => folding::fold(text),
        _ => String::new(),
    }
}
