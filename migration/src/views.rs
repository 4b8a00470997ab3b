//! SQL views for BI tools: in a schema on `PostgreSQL` (`bi.leads`), with a prefix on `SQLite` (`bi_leads`).
//!
//! Views are not changed, they are made anew. A step that adds a column to a view drops it with [`View::drop_from`] and
//! creates it with all its columns, and its `down` restores the earlier one; so does a step that changes a column of a
//! table which a view reads. Grants on a dropped view are gone: the docs therefore grant by default privileges.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// A view, written once for both databases.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// Its schema, or prefix.
    pub schema: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its columns, separated by white space: the name of a column of `t`, or with the alias of another table
    /// (`p.country`), and behind a colon how it is shown, if not as it is stored:
    ///
    /// * `time`: stored in milliseconds; `timestamptz`, or text such as `2026-01-31T09:30:00.000Z` on `SQLite`
    /// * `decimal`: stored in 1/10,000; `numeric`, or `real` on `SQLite`
    /// * `major`: stored in minor units of money; in major units, as `NAME_major`
    /// * `decimal_major`: as `major`, stored in 1/10,000
    /// * `cash_major`: as `decimal_major`; null if the row's `unit` is another than cash
    /// * the name of an enum: as the API shows it
    pub columns: &'static str,
    /// The rest of the statement.
    pub from: &'static str,
}

/// The enums of a step's views: the name, and the raw texts of each value. The value is the first text in capitals, and
/// texts that mean the same are behind it: `active|approved pending`. All others are `OTHER`.
pub type Enums = &'static [(&'static str, &'static str)];

impl View {
    /// Creates it.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn create_in(&self, manager: &SchemaManager<'_>, enums: Enums) -> Result<(), DbErr> {
        let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        let columns: Vec<_> = self.columns.split_whitespace().map(|column| shown(column, enums, sqlite)).collect();
        let create = format!("create view {} as select {} {}", self.full_name(sqlite), columns.join(", "), self.from);
        manager.get_connection().execute_unprepared(&create).await.map(drop)
    }

    /// Drops it.
    ///
    /// # Errors
    /// When the database refuses it, for example because another view reads it.
    pub async fn drop_from(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let name = self.full_name(manager.get_database_backend() == DbBackend::Sqlite);
        manager.get_connection().execute_unprepared(&format!("drop view {name}")).await.map(drop)
    }

    fn full_name(&self, sqlite: bool) -> String {
        full_name(self.schema, self.name, sqlite)
    }
}

fn full_name(schema: &str, name: &str, sqlite: bool) -> String {
    format!("{schema}{}{name}", if sqlite { '_' } else { '.' })
}

/// The expression of a column.
fn shown(column: &str, enums: Enums, sqlite: bool) -> String {
    let Some((name, kind)) = column.split_once(':') else {
        return if column.contains('.') { column.to_owned() } else { format!("t.{column}") };
    };
    let major = |fraction: u32| {
        let currency = full_name("bi", "currency", sqlite);
        quotient(name, &format!("({fraction} * (select minor_units from {currency}))"), sqlite)
    };
    match kind {
        "time" if sqlite => format!("strftime('%Y-%m-%dT%H:%M:%fZ', t.{name} / 1000.0, 'unixepoch') as {name}"),
        // Seconds and milliseconds apart: one floating-point number does not hold both exactly.
        "time" => format!("to_timestamp(t.{name} / 1000) + (t.{name} % 1000) * interval '1 millisecond' as {name}"),
        "decimal" => format!("{} as {name}", quotient(name, "10000", sqlite)),
        "major" => format!("{} as {name}_major", major(1)),
        "decimal_major" => format!("{} as {name}_major", major(10_000)),
        "cash_major" => format!("case when t.unit = 'cash' then {} end as {name}_major", major(10_000)),
        of_enum => {
            let values = enums.iter().find(|(enum_name, _)| *enum_name == of_enum).map_or("", |(_, values)| values);
            let cases = values.split_whitespace().map(|texts| {
                let value = texts.split('|').next().unwrap_or_default().to_uppercase();
                format!("when t.{name} in ('{}') then '{value}'", texts.replace('|', "', '"))
            });
            let cases = cases.collect::<Vec<_>>().join(" ");
            format!("case when t.{name} is null then null {cases} else 'OTHER' end as {name}")
        }
    }
}

fn quotient(column: &str, divisor: &str, sqlite: bool) -> String {
    if sqlite {
        format!("t.{column} * 1.0 / {divisor}")
    } else {
        format!("trim_scale(t.{column}::numeric / {divisor})")
    }
}
