//! The root fields.

use std::collections::BTreeMap;

use async_graphql::{
    Positioned,
    parser::types::{Field, OperationDefinition},
};
use promograph::{
    auth::Viewer,
    graphql::catalog::CATALOG,
    read::model::{EntityType, KeyKind},
};

use super::{
    Arguments, BAD_USER_INPUT, Cell, Execution, Expected, FORBIDDEN, Faults, Given, Json, Row, entity, ids, own_id,
    text,
};
use crate::oracle::{CURRENCY, json};

type Fields<'a, 'b> = &'b [&'a Positioned<Field>];

impl<'a> Execution<'a> {
    /// `ExecuteQuery`.
    pub fn query(&self, operation: &'a OperationDefinition) -> Expected {
        let roots = self.collector.fields("Query", [&operation.selection_set.node]);
        let (mut written, mut propagates) = (Vec::new(), false);
        for (key, fields) in roots {
            let name = fields[0].node.name.node.as_str();
            let before = self.failures.borrow().len();
            let value = self.at(key, || {
                let value = match name {
                    "__typename" => Ok(Json::text("Query")),
                    "viewer" => Ok(self.viewer(&fields)),
                    _ => self.root(name, &fields),
                };
                let value =
                    value.and_then(|value| if self.overflow.take() { Err(Faults::overflow()) } else { Ok(value) });
                value.unwrap_or_else(|faults| {
                    let ty = self.world.types.field("Query", name).map(|output| &output.ty);
                    propagates |= ty.is_some_and(|ty| !ty.nullable);
                    // The field is read as a whole.
                    self.failures.borrow_mut().truncate(before);
                    self.fail(faults)
                })
            });
            written.push((key.to_owned(), value));
        }
        let data = if propagates { Json::Null } else { Json::Object(written) };
        Expected::Answered { data: data.to_string(), failures: self.failures.take() }
    }

    fn root(&self, name: &str, fields: Fields<'a, '_>) -> Result<Json, Faults> {
        if name == "freshness" {
            return Ok(self.freshness(fields));
        }
        if let Some((of, true)) = CATALOG.root(name) {
            return Ok(self.list("Query", of, fields, |deleted_too| self.visibility.all_listed(of, false, deleted_too)));
        }
        let mut faults = Faults::default();
        let Some(arguments) = self.arguments("Query", fields, &mut faults) else { return Err(faults) };
        if name == "node" || name == "nodes" {
            return self.nodes(name, &arguments, fields);
        }
        let (of, _) = CATALOG.root(name).unwrap_or_else(|| panic!("the interpreter has no answer to {name}"));
        if of.name == "WebhookEvent" && self.visibility.viewer != Viewer::Admin {
            faults.add(FORBIDDEN);
        }
        let row = self.one(of, &arguments, &mut faults);
        if faults.count() > 0 {
            return Err(faults);
        }
        Ok(row.map_or(Json::Null, |row| self.object(of, row, fields)))
    }

    /// The row that exactly one argument names.
    fn one(&self, of: &EntityType, arguments: &Arguments, faults: &mut Faults) -> Option<&Row> {
        let given: Vec<_> = arguments.iter().filter(|(_, value)| **value != Given::Null).collect();
        let [(name, value)] = given[..] else {
            faults.add(BAD_USER_INPUT);
            return None;
        };
        match (name.as_str(), value) {
            ("id", Given::Text(id)) => {
                let key = ids::decode_as(of, id);
                if key.is_none() {
                    faults.add(BAD_USER_INPUT);
                }
                self.by_key(of, &key?)
            }
            ("firstPromoterId", Given::Int(id)) => self.by_key(of, &Cell::Int(*id)),
            (name, Given::Text(text)) => {
                if !self.visibility.may_name(of, name) {
                    faults.add(FORBIDDEN);
                }
                if text.contains('\0') {
                    faults.add(BAD_USER_INPUT);
                }
                let field = of.field(name).expect("natural keys are fields");
                let mut rows = self.visibility.all_listed(of, false, false);
                rows.retain(|row| self.visibility.value(of, field, row) == Cell::Text(text.clone()));
                rows.into_iter().min_by_key(|row| &row[of.key])
            }
            other => panic!("{other:?} names no row"),
        }
    }

    /// Stubs and deleted rows are found by their ids.
    fn by_key(&self, of: &EntityType, key: &Cell) -> Option<&Row> {
        let row = self.visibility.dataset.find(of.table, of.key, key)?;
        self.visibility.row(of, row, false).then_some(row)
    }

    /// `node` and `nodes`.
    fn nodes(&self, name: &str, arguments: &Arguments, fields: Fields<'a, '_>) -> Result<Json, Faults> {
        let mut faults = Faults::default();
        let texts: Vec<_> = match (name, arguments.get("ids")) {
            ("node", _) => text(arguments, "id").into_iter().collect(),
            (_, Some(Given::List(ids))) => ids.iter().filter_map(as_text).collect(),
            other => panic!("{other:?} names no nodes"),
        };
        let mut rows = Vec::new();
        for id in texts {
            let Some((of, key)) = ids::decode(id) else {
                faults.add(BAD_USER_INPUT);
                continue;
            };
            if of.key_kind == KeyKind::Text && self.visibility.viewer != Viewer::Admin && of.name == "WebhookEvent" {
                rows.push(None);
                continue;
            }
            rows.push(self.by_key(of, &key).map(|row| (of, row)));
        }
        if faults.count() > 0 {
            return Err(faults);
        }
        let object =
            |row: Option<(&EntityType, &Row)>| row.map_or(Json::Null, |(of, row)| self.object(of, row, fields));
        if name == "node" {
            return Ok(object(rows.remove(0)));
        }
        let objects = rows.into_iter().enumerate().map(|(index, row)| self.at(index, || object(row)));
        Ok(Json::List(objects.collect()))
    }

    fn viewer(&self, fields: Fields<'a, '_>) -> Json {
        let (role, contact) = match self.visibility.viewer {
            Viewer::Admin => ("ADMIN", true),
            Viewer::Analyst { pii } => ("ANALYST", pii),
            Viewer::Promoter { .. } => ("PROMOTER", false),
        };
        self.write("Viewer", &self.collector.below("Viewer", fields), |name, fields| match name {
            "role" => Json::text(role),
            "subject" => Json::text(&self.world.session.subject),
            "currency" => Json::text(CURRENCY),
            "seesContactData" => Json::Bool(contact),
            "expiresAt" => Json::Text(json::time(self.world.session.expires_at * 1_000)),
            _ => {
                let row = own_id(self.visibility.viewer).and_then(|id| self.by_key(entity("Promoter"), &id));
                let before = self.failures.borrow().len();
                let value = row.map_or(Json::Null, |row| self.object(entity("Promoter"), row, fields));
                // It is read as a whole.
                if !self.overflow.take() {
                    return value;
                }
                self.failures.borrow_mut().truncate(before);
                self.fail(Faults::overflow())
            }
        })
    }

    fn freshness(&self, fields: Fields<'a, '_>) -> Json {
        let events = self.visibility.dataset.rows("webhook_event");
        let numbers = |column: &str, status: Option<&str>| {
            let wanted = |row: &&Row| status.is_none_or(|status| row["status"] == Cell::Text(status.to_owned()));
            let number = |row: &Row| if let Cell::Int(number) = row[column] { Some(number) } else { None };
            events.iter().filter(wanted).filter_map(number).collect::<Vec<_>>()
        };
        let time = |ms: Option<i64>| ms.map_or(Json::Null, |ms| Json::Text(json::time(ms)));
        let is_staff = own_id(self.visibility.viewer).is_none();
        self.write("Freshness", &self.collector.below("Freshness", fields), |name, fields| match name {
            "lastReceivedAt" | "lastAppliedAt" if !is_staff => Json::Null,
            "lastReceivedAt" => time(numbers("received_at", None).into_iter().max()),
            "lastAppliedAt" => time(numbers("applied_at", Some("applied")).into_iter().max()),
            "lagMilliseconds" => {
                let number = |row: &Row| if let Cell::Int(number) = row["received_at"] { Some(number) } else { None };
                let waits =
                    |row: &&Row| row["status"] == Cell::Text("pending".to_owned()) && row["held_since"] == Cell::Null;
                let oldest = events.iter().filter(waits).filter_map(number).min();
                let lag = oldest.map_or(0, |oldest| self.world.now_ms - oldest);
                Json::Int(if is_staff { lag } else { lag / 60_000 * 60_000 })
            }
            _ if !is_staff => Json::Null,
            "eventsWithWarnings" => {
                let warned = events.iter().filter(|row| row["warnings"] != Cell::Null).count();
                Json::Int(i64::try_from(warned).expect("a small number"))
            }
            "eventsHeldBack" => Json::Int(i64::try_from(numbers("held_since", None).len()).expect("a small number")),
            "spooled" => Json::Int(0),
            "heldBackSince" => time(numbers("held_since", None).into_iter().min()),
            _ => {
                let mut counts = BTreeMap::new();
                for event in events {
                    let Cell::Text(status) = &event["status"] else { continue };
                    *counts.entry(status.to_uppercase()).or_insert(0) += 1;
                }
                let count = |(status, count): (&String, &i64)| {
                    let below = self.collector.below("WebhookEventCount", fields);
                    self.write("WebhookEventCount", &below, |name, _| match name {
                        "status" => Json::text(status),
                        _ => Json::Int(*count),
                    })
                };
                Json::List(counts.iter().map(count).collect())
            }
        })
    }
}

fn as_text(value: &Given) -> Option<&str> {
    match value {
        Given::Text(text) => Some(text),
        _ => None,
    }
}
