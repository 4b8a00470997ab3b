//! The statements, made once from the tables' specs. Their text does not depend on the number of rows.

use std::sync::LazyLock;

use crate::{
    database::by_status,
    projection::{
        merge::bit,
        tables::{Kind, Spec, Table},
        told::Columns,
    },
};

/// One statement, for each database.
#[derive(Debug)]
pub struct Sql {
    /// One array parameter per column.
    pub postgres: String,
    /// One parameter: a JSON array of rows. (`jsonb_each` hands each row over parsed, `json_each` as text.)
    pub sqlite: String,
}

/// A column of the rows that a statement takes.
pub type Input = (&'static str, Kind);

/// The statements of one mirrored table.
#[derive(Debug)]
pub struct TableSql {
    /// Takes keys; gives key, registers, `told`, `updated_at`, `value_times`.
    pub read: Sql,
    /// Takes (key, time); gives the keys that are new.
    pub stubs: Sql,
    /// Takes [`inputs`].
    pub upsert: Sql,
    /// Takes the same, of rows that are stored and differ in [`unindexed`] columns only. `SQLite` writes
    /// every index of a column that is set, changed or not, and looks for the row that it refers to.
    pub upsert_narrow: Sql,
    /// Takes keys; such rows refer to nothing any more.
    pub release: Option<Sql>,
    /// Takes keys; such rows are gone.
    pub remove: Sql,
}

/// What a table holds, but for the times that are ours. The key is the first column.
#[derive(Debug)]
pub struct Content {
    /// The table.
    pub name: &'static str,
    /// Its columns.
    pub columns: Vec<Input>,
    /// Gives the columns in the order of the keys.
    pub select: String,
}

/// What all mirrored tables and those that follow from them hold.
pub static CONTENTS: LazyLock<Vec<Content>> = LazyLock::new(|| {
    let ours = ["first_seen_at", "updated_at", "value_times"];
    let mirrored = Table::ALL.iter().map(|table| {
        let columns = inputs(table.spec()).into_iter().filter(|(name, _)| !ours.contains(name));
        (table.spec().name, columns.collect::<Vec<_>>())
    });
    let content = |(name, columns): (&'static str, Vec<Input>)| {
        let select = format!("select {} from \"{name}\" order by \"{}\"", names(&columns), columns[0].0);
        Content { name, columns, select }
    };
    mirrored.chain([("balance", BALANCE.to_vec())]).map(content).collect()
});

const BALANCE: [Input; 5] =
    [("id", Kind::Text), ("promoter_id", Kind::Int), ("kind", Kind::Text), ("unit", Kind::Text), ("amount", Kind::Int)];

/// What every mirrored table's upsert takes behind its registers and folded columns.
const COMMON: [Input; 5] = [
    ("is_stub", Kind::Bool),
    ("told", Kind::Text),
    ("first_seen_at", Kind::Int),
    ("updated_at", Kind::Int),
    ("value_times", Kind::Text),
];

/// The statements of a mirrored table.
pub fn of(table: Table) -> &'static TableSql {
    static ALL: LazyLock<[TableSql; Table::COUNT]> = LazyLock::new(|| Table::ALL.map(|table| table_sql(table.spec())));
    &ALL[table as usize]
}

/// Removes the balances of these (promoter, `promoter:kind`).
pub static FORGET_BALANCES: LazyLock<Sql> = LazyLock::new(|| Sql {
    postgres: "delete from balance where promoter_id = any($1::bigint[]) \
        and promoter_id || ':' || kind = any($2::text[])"
        .to_owned(),
    sqlite: "with x as materialized (select value ->> 0 as promoter, value ->> 1 as kind from jsonb_each(?)) \
        delete from balance where promoter_id in (select promoter from x) \
        and promoter_id || ':' || kind in (select kind from x)"
        .to_owned(),
});

/// Adds balances.
pub static ADD_BALANCES: LazyLock<Sql> = LazyLock::new(|| {
    let set = BALANCE[1..].iter().map(|(name, _)| format!("{name} = excluded.{name}")).collect::<Vec<_>>().join(", ");
    insert("balance", &BALANCE, &format!("on conflict (id) do update set {set}"))
});

/// Removes the balances with these ids.
pub static REMOVE_BALANCES: LazyLock<Sql> = LazyLock::new(|| Sql {
    postgres: "delete from balance where id = any($1::text[])".to_owned(),
    sqlite: "delete from balance where id in (select value ->> 0 from jsonb_each(?))".to_owned(),
});

/// Writes what became of events: id, status, error, time of applying, attempts to add, time of the next, warnings,
/// now if it is held back, when it happened if that was not understood before.
pub static MARK: LazyLock<Sql> = LazyLock::new(|| {
    let inputs = [
        ("id", Kind::Text),
        ("status", Kind::Text),
        ("error", Kind::Text),
        ("applied_at", Kind::Int),
        ("attempts", Kind::Int),
        ("next_attempt_at", Kind::Int),
        ("warnings", Kind::Text),
        ("held_since", Kind::Int),
        ("occurred_at", Kind::Int),
    ];
    let set = "update webhook_event set status = x.status, error = x.error, \
        applied_at = coalesce(x.applied_at, webhook_event.applied_at), \
        attempts = webhook_event.attempts + x.attempts, next_attempt_at = x.next_attempt_at, \
        warnings = x.warnings, occurred_at = coalesce(webhook_event.occurred_at, x.occurred_at), \
        held_since = case when x.held_since is null then null \
            else coalesce(webhook_event.held_since, x.held_since) end";
    update_events(set, &inputs, by_status::IS_PENDING)
});

/// Writes what applied events are warned of, as judged anew: id, warnings, when it happened.
pub static JUDGE: LazyLock<Sql> = LazyLock::new(|| {
    let inputs = [("id", Kind::Text), ("warnings", Kind::Text), ("occurred_at", Kind::Int)];
    let set = "update webhook_event set warnings = x.warnings, \
        occurred_at = coalesce(webhook_event.occurred_at, x.occurred_at)";
    update_events(set, &inputs, by_status::IS_APPLIED)
});

/// An update of events from rows `x` of these columns, if each still has the status.
fn update_events(set: &str, inputs: &[Input], status: &str) -> Sql {
    let condition = format!("where webhook_event.id = x.id and {status}");
    let named: Vec<_> = (0..).zip(inputs).map(|(at, (name, _))| format!("value ->> {at} as {name}")).collect();
    Sql {
        postgres: format!("{set} from unnest({}) as x({}) {condition}", arrays(inputs), names(inputs)),
        sqlite: format!("{set} from (select {} from jsonb_each(?)) as x {condition}", named.join(", ")),
    }
}

/// The columns that a table's upsert takes, in order: key, registers, folded columns, common ones.
pub fn inputs(spec: &'static Spec) -> Vec<Input> {
    let registers = spec.columns.iter().map(|column| (column.name, column.kind));
    let folded = spec.folded().map(|(name, _)| (name, Kind::Text));
    std::iter::once((spec.key, Kind::Int)).chain(registers).chain(folded).chain(COMMON).collect()
}

/// The columns that no index holds, as registers: rows that differ in these only are written for less.
pub fn unindexed(table: Table) -> Columns {
    static ALL: LazyLock<[Columns; Table::COUNT]> = LazyLock::new(|| {
        Table::ALL.map(|table| {
            let columns = (0..).zip(table.spec().columns);
            let free = columns.filter(|(_, column)| !is_indexed(table.spec(), column.name));
            free.fold(0, |columns, (register, _)| columns | bit(register))
        })
    });
    ALL[table as usize]
}

/// Whether an index holds the column, or what follows from it.
fn is_indexed(spec: &Spec, name: &str) -> bool {
    /// Besides references and what is folded.
    const INDEXED: [&str; 9] = [
        "cust_id",
        "uid",
        "ref_id",
        "promo_code",
        "sale_event_id",
        "joined_at",
        "created_at",
        "completed_at",
        "signed_at",
    ];
    INDEXED.contains(&name)
        || spec.columns.iter().any(|column| {
            column.name == name && (column.refers_to.is_some() || column.folded.is_some())
                || column.folded == Some(name)
        })
}

fn table_sql(spec: &'static Spec) -> TableSql {
    let Spec { name, key, .. } = spec;
    let registers: Vec<_> = spec.columns.iter().map(|column| quoted(column.name)).collect();
    let read = format!(
        "select \"{key}\", {}, told, updated_at, value_times from \"{name}\" where \"{key}\"",
        registers.join(", ")
    );
    let stub = [(*key, Kind::Int), ("first_seen_at", Kind::Int), ("updated_at", Kind::Int)];
    let inputs = inputs(spec);
    let updated = inputs.iter().map(|(name, _)| *name).filter(|name| *name != *key && *name != "first_seen_at");
    let updated: Vec<_> = updated.collect();
    let set = |which: &dyn Fn(&str) -> bool| {
        let set = updated.iter().filter(|name| which(name)).map(|name| format!("\"{name}\" = excluded.\"{name}\""));
        set.collect::<Vec<_>>().join(", ")
    };
    let by_key = |statement: &str| Sql {
        postgres: format!("{statement} = any($1::bigint[])"),
        sqlite: format!("{statement} in (select value ->> 0 from jsonb_each(?))"),
    };
    let references = spec.columns.iter().filter(|column| column.refers_to.is_some());
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

/// An insert of rows of these columns.
pub fn insert(table: &str, inputs: &[Input], conflict: &str) -> Sql {
    let into = format!("insert into \"{table}\" ({}) select", names(inputs));
    let extracts: Vec<_> = (0..inputs.len()).map(|at| format!("value ->> {at}")).collect();
    Sql {
        postgres: format!("{into} * from unnest({}) {conflict}", arrays(inputs)),
        // Without the condition, `on` would belong to a join.
        sqlite: format!("{into} {} from jsonb_each(?) where true {conflict}", extracts.join(", ")),
    }
}

fn names(inputs: &[Input]) -> String {
    inputs.iter().map(|(name, _)| quoted(name)).collect::<Vec<_>>().join(", ")
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn arrays(inputs: &[Input]) -> String {
    let arrays = (1..).zip(inputs).map(|(at, (_, kind))| match kind {
        Kind::Int => format!("${at}::bigint[]"),
        Kind::Text => format!("${at}::text[]"),
        Kind::Bool => format!("${at}::boolean[]"),
    });
    arrays.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
