//! The projection's statements, generated once from the table specs. Their text does not depend on the number of
//! rows.

use std::sync::LazyLock;

use entity::MirroredTable;

use crate::{
    database::by_status,
    projection::{
        mirror::{self, SqlType, TableSpec},
        registers::{RegisterSet, bit},
    },
};

/// One statement in both dialects.
#[derive(Debug)]
pub struct DialectSql {
    /// One array parameter per column.
    pub postgres: String,
    /// One parameter: a JSON array of rows. (`jsonb_each` passes each row on parsed, `json_each` as text.)
    pub sqlite: String,
}

/// A column of a statement's input rows.
pub type SqlColumn = (&'static str, SqlType);

/// The statements of one mirrored table.
#[derive(Debug)]
pub struct TableSql {
    /// Takes keys; returns key, registers, `field_clocks`, `updated_at`, `value_times`.
    pub read: DialectSql,
    /// Takes (key, time); returns the keys that are new.
    pub stubs: DialectSql,
    /// Takes [`upsert_inputs`].
    pub upsert: DialectSql,
    /// Takes the same, for rows that are stored and differ in [`unindexed`] columns only. `SQLite` writes every
    /// index of a column that is assigned, changed or not, and checks its foreign key.
    pub upsert_narrow: DialectSql,
    /// Takes keys; sets all references of these rows to null.
    pub release: Option<DialectSql>,
    /// Takes keys; deletes these rows.
    pub remove: DialectSql,
}

/// A table's columns but for our own times. The key comes first.
#[derive(Debug)]
pub struct TableContent {
    /// The table.
    pub name: &'static str,
    /// Its columns.
    pub columns: Vec<SqlColumn>,
    /// Selects the columns in the order of the keys.
    pub select: String,
}

/// All mirrored tables, and `balance`, which is derived from them.
pub static TABLE_CONTENTS: LazyLock<Vec<TableContent>> = LazyLock::new(|| {
    let own_times = ["first_seen_at", "updated_at", "value_times"];
    let mirrored = MirroredTable::ALL.iter().map(|table| {
        let columns = upsert_inputs(mirror::spec(*table)).into_iter().filter(|(name, _)| !own_times.contains(name));
        (table.name(), columns.collect::<Vec<_>>())
    });
    let content = |(name, columns): (&'static str, Vec<SqlColumn>)| {
        let select = format!("select {} from \"{name}\" order by \"{}\"", names(&columns), columns[0].0);
        TableContent { name, columns, select }
    };
    mirrored.chain([("balance", BALANCE.to_vec())]).map(content).collect()
});

const BALANCE: [SqlColumn; 5] = [
    ("id", SqlType::Text),
    ("promoter_id", SqlType::Int),
    ("kind", SqlType::Text),
    ("unit", SqlType::Text),
    ("amount", SqlType::Int),
];

/// What every mirrored table's upsert takes after its registers and folded columns.
const COMMON: [SqlColumn; 5] = [
    ("is_stub", SqlType::Bool),
    ("field_clocks", SqlType::Text),
    ("first_seen_at", SqlType::Int),
    ("updated_at", SqlType::Int),
    ("value_times", SqlType::Text),
];

/// The statements of a mirrored table.
pub fn of(table: MirroredTable) -> &'static TableSql {
    static ALL: LazyLock<[TableSql; MirroredTable::COUNT]> =
        LazyLock::new(|| MirroredTable::ALL.map(|table| table_sql(mirror::spec(table))));
    &ALL[table as usize]
}

/// Deletes the balances of these (promoter, `promoter:kind`).
pub static DELETE_BALANCES_BY_KIND: LazyLock<DialectSql> = LazyLock::new(|| DialectSql {
    postgres: "delete from balance where promoter_id = any($1::bigint[]) \
        and promoter_id || ':' || kind = any($2::text[])"
        .to_owned(),
    sqlite: "with x as materialized (select value ->> 0 as promoter, value ->> 1 as kind from jsonb_each(?)) \
        delete from balance where promoter_id in (select promoter from x) \
        and promoter_id || ':' || kind in (select kind from x)"
        .to_owned(),
});

/// Inserts or updates balances.
pub static UPSERT_BALANCES: LazyLock<DialectSql> = LazyLock::new(|| {
    let set = BALANCE[1..].iter().map(|(name, _)| format!("{name} = excluded.{name}")).collect::<Vec<_>>().join(", ");
    insert("balance", &BALANCE, &format!("on conflict (id) do update set {set}"))
});

/// Deletes the balances with these ids.
pub static DELETE_BALANCES: LazyLock<DialectSql> = LazyLock::new(|| DialectSql {
    postgres: "delete from balance where id = any($1::text[])".to_owned(),
    sqlite: "delete from balance where id in (select value ->> 0 from jsonb_each(?))".to_owned(),
});

/// Stores the outcomes of pending events. Takes id, status, error, time of applying, attempts to add, time of the
/// next attempt, warnings, now if it is held back, and the event's time if it was not known before.
pub static MARK_EVENTS: LazyLock<DialectSql> = LazyLock::new(|| {
    let inputs = [
        ("id", SqlType::Text),
        ("status", SqlType::Text),
        ("error", SqlType::Text),
        ("applied_at", SqlType::Int),
        ("attempts", SqlType::Int),
        ("next_attempt_at", SqlType::Int),
        ("warnings", SqlType::Text),
        ("held_since", SqlType::Int),
        ("occurred_at", SqlType::Int),
    ];
    let set = "update webhook_event set status = x.status, error = x.error, \
        applied_at = coalesce(x.applied_at, webhook_event.applied_at), \
        attempts = webhook_event.attempts + x.attempts, next_attempt_at = x.next_attempt_at, \
        warnings = x.warnings, occurred_at = coalesce(webhook_event.occurred_at, x.occurred_at), \
        held_since = case when x.held_since is null then null \
            else coalesce(webhook_event.held_since, x.held_since) end";
    update_events(set, &inputs, by_status::IS_PENDING)
});

/// Replaces the warnings of applied events. Takes id, warnings, and the event's time if it was not known before.
pub static UPDATE_WARNINGS: LazyLock<DialectSql> = LazyLock::new(|| {
    let inputs = [("id", SqlType::Text), ("warnings", SqlType::Text), ("occurred_at", SqlType::Int)];
    let set = "update webhook_event set warnings = x.warnings, \
        occurred_at = coalesce(webhook_event.occurred_at, x.occurred_at)";
    update_events(set, &inputs, by_status::IS_APPLIED)
});

/// Updates the events that still have the status, from rows `x` of these columns.
fn update_events(set: &str, inputs: &[SqlColumn], status: &str) -> DialectSql {
    let condition = format!("where webhook_event.id = x.id and {status}");
    let named: Vec<_> = (0..).zip(inputs).map(|(at, (name, _))| format!("value ->> {at} as {name}")).collect();
    DialectSql {
        postgres: format!("{set} from unnest({}) as x({}) {condition}", arrays(inputs), names(inputs)),
        sqlite: format!("{set} from (select {} from jsonb_each(?)) as x {condition}", named.join(", ")),
    }
}

/// The input columns of a table's upsert, in order: key, registers, folded columns, common ones.
pub fn upsert_inputs(spec: &'static TableSpec) -> Vec<SqlColumn> {
    let registers = spec.registers.iter().map(|column| (column.name, column.sql_type));
    let folded = spec.folded().map(|(name, _)| (name, SqlType::Text));
    std::iter::once((spec.key, SqlType::Int)).chain(registers).chain(folded).chain(COMMON).collect()
}

/// The registers whose columns are in no index: rows that differ in these only are cheaper to write.
pub fn unindexed(table: MirroredTable) -> RegisterSet {
    static ALL: LazyLock<[RegisterSet; MirroredTable::COUNT]> = LazyLock::new(|| {
        MirroredTable::ALL.map(|table| {
            let registers = (0..).zip(&mirror::spec(table).registers);
            registers.filter(|(_, register)| !register.is_indexed).fold(0, |set, (number, _)| set | bit(number))
        })
    });
    ALL[table as usize]
}

/// Whether an upsert's column is in an index.
fn is_indexed(spec: &TableSpec, name: &str) -> bool {
    let mut registers = spec.registers.iter();
    registers.any(|register| register.is_indexed && (register.name == name || register.folded == Some(name)))
}

fn table_sql(spec: &'static TableSpec) -> TableSql {
    let TableSpec { name, key, .. } = spec;
    let registers: Vec<_> = spec.registers.iter().map(|column| quoted(column.name)).collect();
    let read = format!(
        "select \"{key}\", {}, field_clocks, updated_at, value_times from \"{name}\" where \"{key}\"",
        registers.join(", ")
    );
    let stub = [(*key, SqlType::Int), ("first_seen_at", SqlType::Int), ("updated_at", SqlType::Int)];
    let inputs = upsert_inputs(spec);
    let updated = inputs.iter().map(|(name, _)| *name).filter(|name| *name != *key && *name != "first_seen_at");
    let updated: Vec<_> = updated.collect();
    let set = |which: &dyn Fn(&str) -> bool| {
        let set = updated.iter().filter(|name| which(name)).map(|name| format!("\"{name}\" = excluded.\"{name}\""));
        set.collect::<Vec<_>>().join(", ")
    };
    let by_key = |statement: &str| DialectSql {
        postgres: format!("{statement} = any($1::bigint[])"),
        sqlite: format!("{statement} in (select value ->> 0 from jsonb_each(?))"),
    };
    let references = spec.registers.iter().filter(|column| column.refers_to.is_some());
    let released: Vec<_> = references.map(|column| format!("{} = null", quoted(column.name))).collect();
    let release = format!("update \"{name}\" set {} where \"{key}\"", released.join(", "));
    TableSql {
        read: by_key(&read),
        release: (!released.is_empty()).then(|| by_key(&release)),
        remove: by_key(&format!("delete from \"{name}\" where \"{key}\"")),
        stubs: insert(name, &stub, &format!("on conflict (\"{key}\") do nothing returning \"{key}\"")),
        upsert: insert(name, &inputs, &format!("on conflict (\"{key}\") do update set {}", set(&|_| true))),
        upsert_narrow: insert(
            name,
            &inputs,
            &format!("on conflict (\"{key}\") do update set {}", set(&|name| !is_indexed(spec, name))),
        ),
    }
}

/// Inserts rows of these columns.
pub fn insert(table: &str, inputs: &[SqlColumn], conflict: &str) -> DialectSql {
    let into = format!("insert into \"{table}\" ({}) select", names(inputs));
    let extracts: Vec<_> = (0..inputs.len()).map(|at| format!("value ->> {at}")).collect();
    DialectSql {
        postgres: format!("{into} * from unnest({}) {conflict}", arrays(inputs)),
        // Without the condition, `on` would be parsed as that of a join.
        sqlite: format!("{into} {} from jsonb_each(?) where true {conflict}", extracts.join(", ")),
    }
}

fn names(inputs: &[SqlColumn]) -> String {
    inputs.iter().map(|(name, _)| quoted(name)).collect::<Vec<_>>().join(", ")
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn arrays(inputs: &[SqlColumn]) -> String {
    let arrays = (1..).zip(inputs).map(|(at, (_, kind))| match kind {
        SqlType::Int => format!("${at}::bigint[]"),
        SqlType::Text => format!("${at}::text[]"),
        SqlType::Bool => format!("${at}::boolean[]"),
    });
    arrays.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
