//! Column and index shapes that the steps share.
//!
//! Text is compared byte by byte on both databases: that is `SQLite`'s default, and what
//! [`byte_order`] makes of a table on `PostgreSQL`.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// Gives every text column of these (still empty) tables byte order on `PostgreSQL`.
pub async fn byte_order(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let names = tables.iter().map(|table| format!("'{table}'")).collect::<Vec<_>>().join(", ");
    let alter = format!(
        r#"do $$ declare c record; begin
            for c in select table_name, column_name from information_schema.columns
                where table_schema = current_schema() and table_name in ({names}) and data_type = 'text'
            loop
                execute format('alter table %I alter column %I type text collate "C"', c.table_name, c.column_name);
            end loop;
        end $$"#
    );
    manager.get_connection().execute_unprepared(&alter).await?;
    Ok(())
}

/// Nullable text in byte order.
pub fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().to_owned()
}

/// Nullable 64-bit integer.
pub fn bigint(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().to_owned()
}

/// Nullable boolean.
pub fn boolean(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).boolean().to_owned()
}

/// The folded copy of a text column, `""` for null: for searching and ordering.
pub fn folded(name: &'static str) -> ColumnDef {
    text(name).not_null().default("").to_owned()
}

/// The sort key of an integer column: the value, or the lowest number for null.
pub fn sort_key(column: &'static str) -> ColumnDef {
    let lowest = "(-9223372036854775807 - 1)";
    ColumnDef::new(format!("{column}_sort"))
        .big_integer()
        .not_null()
        .generated(Expr::cust(format!("coalesce({column}, {lowest})")), true)
        .to_owned()
}

/// A 64-bit key. `SQLite` keeps rows by a key that is called `integer`, and by that name alone; under
/// any other it makes an index beside the rows.
pub fn key_column(manager: &SchemaManager<'_>, name: &'static str) -> ColumnDef {
    match manager.get_database_backend() {
        DbBackend::Sqlite => ColumnDef::new(name).integer().to_owned(),
        _ => bigint(name),
    }
}

/// A mirrored table with its key and the columns that every mirrored table has.
pub fn mirrored(manager: &SchemaManager<'_>, table: &'static str, key: &'static str) -> TableCreateStatement {
    Table::create()
        .table(table)
        .col(key_column(manager, key).not_null().primary_key())
        .col(boolean("is_stub").not_null().default(true))
        .col(text("told").not_null().default(""))
        .col(bigint("deleted_at"))
        .col(bigint("first_seen_at").not_null())
        .col(bigint("updated_at").not_null())
        .to_owned()
}

/// A foreign key to the `id` of another table.
pub fn reference(table: &'static str, column: &'static str, target: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().name(format!("{table}_{column}_fkey")).from(table, column).to(target, "id").to_owned()
}

/// An index named after its table and columns.
pub fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{table}_{}_idx", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    index.take()
}
