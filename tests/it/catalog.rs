//! The catalogue fits the tables and itself.

use promograph::{
    graphql::catalog::CATALOG,
    read::model::{Kind, Link},
};
use sea_orm::{ConnectionTrait as _, Statement};

use crate::support::{TestDatabase, on_both};

#[test]
fn what_a_declaration_names_is_declared() {
    for entity in CATALOG.iter() {
        let name = entity.name;
        for relation in &entity.relations {
            assert!(CATALOG.get(relation.target).is_some(), "{name}.{}", relation.name);
        }
        for field in &entity.fields {
            if let Kind::RelatedId(relation) = field.kind {
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
                columns.extend(match relation.link {
                    Link::ToOne { column } => vec![(entity.table, column.to_owned())],
                    Link::ToMany { column } => vec![(CATALOG.get(relation.target).unwrap().table, column.to_owned())],
                    Link::Through { table, parent, child, .. } => {
                        vec![(table, parent.to_owned()), (table, child.to_owned())]
                    }
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
