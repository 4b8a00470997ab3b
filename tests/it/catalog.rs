//! The catalogue fits the tables and itself, and the entities' relations are those of both.

use std::collections::BTreeSet;

use entity::MirroredTable;
use promograph::{
    graphql::catalog::CATALOG,
    projection::mirror,
    read::model::{FieldKind, Link},
};
use sea_orm::{
    ConnectionTrait as _, DbBackend, EntityTrait, Iterable as _, QueryTrait as _, RelationDef, RelationTrait as _,
    Statement,
};

use crate::support::{Backend, TestDatabase, on_both};

#[test]
fn what_a_declaration_names_is_declared() {
    for entity in CATALOG.iter() {
        let name = entity.name;
        for field in &entity.fields {
            if let FieldKind::RelatedId(relation) = field.kind {
                assert!(entity.relation(relation).is_some(), "{name}.{}", field.name);
            }
            assert!(entity.relation(&field.name).is_none(), "{name}.{} is a field and a relation", field.name);
            assert!(!field.description.is_empty(), "{name}.{}", field.name);
        }
        let ordered = entity.field(entity.default_order.0);
        assert!(ordered.is_some_and(|field| field.sort.is_some()), "{name}'s own order");
        for column in &entity.natural_keys {
            assert!(entity.fields.iter().any(|field| field.column == *column), "{name} by {column}");
        }
    }
}

#[tokio::test]
async fn every_column_that_the_catalogue_names_is_in_its_table() {
    on_both(async |test: TestDatabase| {
        for entity in CATALOG.iter() {
            let mut columns = vec![(entity.table, entity.key.to_owned())];
            for field in &entity.fields {
                columns.push((entity.table, field.column.to_owned()));
                columns.extend(field.sort.iter().map(|sort| (entity.table, sort.column.clone())));
                columns.extend(field.folded.iter().map(|folded| (entity.table, folded.clone())));
            }
            for relation in &entity.relations {
                columns.extend(match &relation.link {
                    Link::ToOne { column } => vec![(entity.table, (*column).to_owned())],
                    Link::ToMany { column } => {
                        vec![(CATALOG.get(relation.target).unwrap().table, (*column).to_owned())]
                    }
                    Link::Through { table, parent, child, .. } => {
                        vec![(table.as_str(), (*parent).to_owned()), (table, (*child).to_owned())]
                    }
                    Link::Over { table, parent, key, column } => vec![
                        (table.as_str(), (*parent).to_owned()),
                        (table, (*key).to_owned()),
                        (CATALOG.get(relation.target).unwrap().table, (*column).to_owned()),
                    ],
                });
            }
            for (table, column) in columns {
                let sql = format!("select t.{column} from {table} t where 1 = 0");
                let statement = Statement::from_string(test.database.backend, sql);
                test.database
                    .read
                    .query_all_raw(statement)
                    .await
                    .unwrap_or_else(|error| panic!("{table}.{column}: {error}"));
            }
        }
    })
    .await;
}

/// From a table and its column to a table and its column.
type Way = [String; 4];

/// An entity: its table, the relations that it declares, and a statement that reads its columns.
struct Declared {
    table: String,
    relations: Vec<RelationDef>,
    read: fn(DbBackend) -> Statement,
}

/// Of every table of the database but that of the migrations.
fn entities() -> Vec<Declared> {
    fn of<E: EntityTrait>() -> Declared {
        Declared {
            table: E::default().table_name().to_owned(),
            relations: E::Relation::iter().map(|relation| relation.def()).collect(),
            read: |backend| E::find().build(backend),
        }
    }
    vec![
        of::<entity::address_token_cutoff::Entity>(),
        of::<entity::api_token::Entity>(),
        of::<entity::balance::Entity>(),
        of::<entity::campaign::Entity>(),
        of::<entity::change_notice::Entity>(),
        of::<entity::commission::Entity>(),
        of::<entity::commission_event::Entity>(),
        of::<entity::contract_document::Entity>(),
        of::<entity::kept_notice::Entity>(),
        of::<entity::lead::Entity>(),
        of::<entity::lead_event::Entity>(),
        of::<entity::lease::Entity>(),
        of::<entity::offer::Entity>(),
        of::<entity::payments_batch::Entity>(),
        of::<entity::payout::Entity>(),
        of::<entity::payout_commission::Entity>(),
        of::<entity::payout_method::Entity>(),
        of::<entity::profile::Entity>(),
        of::<entity::promoter::Entity>(),
        of::<entity::promoter_event::Entity>(),
        of::<entity::promoter_token_cutoff::Entity>(),
        of::<entity::promotion::Entity>(),
        of::<entity::revocation::Entity>(),
        of::<entity::reward::Entity>(),
        of::<entity::webhook_event::Entity>(),
    ]
}

fn way(def: &RelationDef) -> Way {
    let column = |columns: &sea_orm::Identity| columns.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    [
        def.from_tbl.sea_orm_table().to_string(),
        column(&def.from_col),
        def.to_tbl.sea_orm_table().to_string(),
        column(&def.to_col),
    ]
}

#[test]
fn the_relations_of_the_catalogue_are_those_of_the_entities() {
    let declared: BTreeSet<Way> = entities().iter().flat_map(|entity| &entity.relations).map(way).collect();
    let mut read = BTreeSet::new();
    for entity in CATALOG.iter() {
        for relation in &entity.relations {
            let (target, (table, key)) = (CATALOG.get(relation.target).unwrap(), (entity.table, entity.key));
            let ways = match &relation.link {
                Link::ToOne { column } => vec![[table, column, target.table, target.key]],
                Link::ToMany { column } => vec![[table, key, target.table, column]],
                // Two relations of the table of pairs.
                Link::Through { table: pairs, parent, child, .. } => {
                    vec![[pairs.as_str(), parent, table, key], [pairs, child, target.table, target.key]]
                }
                Link::Over { table: between, parent, key: between_key, column } => {
                    vec![[table, key, between.as_str(), parent], [between, between_key, target.table, column]]
                }
            };
            read.extend(ways.into_iter().map(|way| way.map(str::to_owned)));
        }
    }
    let (unknown, unread): (Vec<_>, Vec<_>) =
        (read.difference(&declared).collect(), declared.difference(&read).collect());
    assert!(unknown.is_empty(), "not declared by an entity: {unknown:?}");
    assert!(unread.is_empty(), "not read by the catalogue: {unread:?}");
}

/// What events set would be there for nobody.
#[test]
fn every_register_of_the_mirror_is_read_by_the_catalogue() {
    let mut read = BTreeSet::new();
    for entity in CATALOG.iter() {
        read.extend(entity.fields.iter().map(|field| (entity.table, field.column)));
        for relation in &entity.relations {
            match &relation.link {
                Link::ToOne { column } => read.extend([(entity.table, *column)]),
                Link::Through { table, parent, child, .. } => read.extend([(table.as_str(), *parent), (table, *child)]),
                Link::ToMany { .. } | Link::Over { .. } => {}
            }
        }
    }
    let registers = MirroredTable::ALL.into_iter().flat_map(|table| {
        let spec = mirror::spec(table);
        spec.registers.iter().map(|register| (spec.name, register.name))
    });
    let unread: Vec<_> = registers.filter(|register| !read.contains(register)).collect();
    // The balances are a type of their own, and a pair that is deleted is no pair.
    let otherwise = [
        ("promoter", "earned_balance"),
        ("promoter", "current_balance"),
        ("promoter", "paid_balance"),
        ("promoter", "pending_balance"),
        ("payout_commission", "deleted_at"),
    ];
    assert_eq!(unread, otherwise);
}

#[tokio::test]
async fn every_column_of_an_entity_is_in_its_table() {
    on_both(async |test: TestDatabase| {
        for entity in entities() {
            test.database.write.query_all_raw((entity.read)(test.database.backend)).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn the_foreign_keys_of_the_database_are_the_relations_of_the_entities() {
    on_both(async |test: TestDatabase| {
        let (tables, keys) = match test.backend {
            Backend::Sqlite => (
                "select name from sqlite_schema where type = 'table' and name not like 'sqlite%'",
                r#"select t.name, k."from", k."table", k."to" from sqlite_schema t, pragma_foreign_key_list(t.name) k
                    where t.type = 'table'"#,
            ),
            Backend::Postgres => (
                "select table_name::text from information_schema.tables where table_schema = current_schema()",
                "select t.relname::text, c.attname::text, ot.relname::text, oc.attname::text from pg_constraint k \
                    join pg_class t on t.oid = k.conrelid join pg_class ot on ot.oid = k.confrelid \
                    join pg_attribute c on c.attrelid = t.oid and c.attnum = any (k.conkey) \
                    join pg_attribute oc on oc.attrelid = ot.oid and oc.attnum = any (k.confkey) \
                    where k.contype = 'f' and k.connamespace = current_schema()::regnamespace",
            ),
        };
        let rows = async |sql: &str| {
            let statement = Statement::from_string(test.database.backend, sql);
            test.database.read.query_all_raw(statement).await.unwrap()
        };
        let tables: BTreeSet<String> = rows(tables).await.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
        let known = entities().into_iter().map(|entity| entity.table).chain(["seaql_migrations".to_owned()]);
        assert_eq!(tables, known.collect(), "every table has an entity, in the list of this file");
        let keys: BTreeSet<Way> =
            rows(keys).await.iter().map(|row| [0, 1, 2, 3].map(|at| row.try_get_by_index(at).unwrap())).collect();
        // The other end of such a relation is the one that `SeaORM` calls its owner.
        let relations = entities().into_iter().flat_map(|entity| entity.relations);
        let declared: BTreeSet<Way> =
            relations.filter(|def| !def.is_owner && !def.skip_fk).map(|def| way(&def)).collect();
        assert_eq!(keys, declared);
    })
    .await;
}
