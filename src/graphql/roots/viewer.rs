//! `viewer`: what the token says.

use std::{collections::HashMap, sync::Arc};

use futures_util::{FutureExt as _, future::BoxFuture};
use sea_orm::ActiveEnum as _;
use serde_json::{Value, json};

use super::field::{Caching, CompileContext, CompileError, CompiledField, QueryField, ResolveContext};
use crate::{
    auth::{Viewer, ViewerClass},
    graphql::{
        collect::RootSelection,
        cost::{CostMeasure, Exceeded},
        schema::{FieldDefinition, Schema, field, object},
    },
    read::{
        FieldFailure, Inputs, ObjectPlan, Param, RootValue, RowLookup, error::ReadError, object_writer,
        selection::SelectedField,
    },
};

/// The last second that RFC 3339 can write.
const MAX_SECONDS: i64 = 253_402_300_799;

/// `viewer`.
pub struct ViewerField;

impl QueryField for ViewerField {
    fn name(&self) -> &'static str {
        "viewer"
    }

    fn definition(&self) -> FieldDefinition {
        field("Viewer!", "The token of this request, and what it allows.", [])
    }

    fn define_types(&self, schema: &mut Schema) {
        let viewer = object([
            ("role", field("Role!", "The token's role.", [])),
            ("subject", field("String!", "The token's subject (`sub`).", [])),
            ("seesContactData", field("Boolean!", "Whether other people's contact data is returned in full.", [])),
            (
                "currency",
                field(
                    "String",
                    "Currency of all money (ISO 4217). Null if the server's settings do not name it: no webhook does.",
                    [],
                ),
            ),
            ("expiresAt", field("DateTime!", "When the token expires.", [])),
            ("promoter", field("Promoter", "The promoter of a promoter's token. Null for other roles.", [])),
        ]);
        schema.add("Viewer", "The token of a request, and what it allows.", viewer);
        let roles = [
            ("ADMIN", "Reads and does everything."),
            ("ANALYST", "Reads every row of the programme; contact data only if the token allows it."),
            ("PROMOTER", "Reads the promoter's own rows."),
        ];
        let roles = roles.map(|(name, description)| (name.to_owned(), description.to_owned()));
        schema.add_enum("Role", "The role of a token.", roles);
    }

    fn caching(&self) -> Caching {
        Caching::MirrorAndToken
    }

    fn cost<'a>(&self, measure: &mut CostMeasure<'a>, selection: &RootSelection<'a>) -> Result<u64, Exceeded> {
        measure.object("Viewer", &selection.fields)
    }

    fn compile(
        &self,
        context: &CompileContext<'_>,
        selection: &RootSelection<'_>,
    ) -> Result<Box<dyn CompiledField>, CompileError> {
        let (mut selected, mut promoters) = (Vec::new(), Vec::new());
        for field in context.collector.children(selection, "Viewer") {
            let at = (field.pos.line, field.pos.column);
            if field.name == "promoter" && context.viewer == ViewerClass::Promoter {
                promoters.push(CompiledPromoter { key: field.key.to_owned(), at, plan: promoter(context, &field) });
            }
            let (key, name) = (field.key.to_owned(), field.name.to_owned());
            selected.push(SelectedField { key, name, at, ..SelectedField::default() });
        }
        Ok(Box::new(CompiledViewer { selected, promoters }))
    }
}

/// The promoter's own row.
fn promoter(context: &CompileContext<'_>, field: &RootSelection<'_>) -> Result<ObjectPlan, Arc<ReadError>> {
    let CompileContext { viewer, reader, collector } = *context;
    let entity = reader.catalog().get("Promoter").ok_or_else(|| ReadError::internal("Promoter is not declared"))?;
    let children = collector.below(field, entity.name);
    reader.plan_rows(viewer, entity, RowLookup::Key(Param::Viewer), &children).map_err(Arc::new)
}

#[derive(Debug)]
struct CompiledViewer {
    selected: Vec<SelectedField>,
    /// The fields `promoter`, if the viewer is one.
    promoters: Vec<CompiledPromoter>,
}

#[derive(Debug)]
struct CompiledPromoter {
    key: String,
    at: (usize, usize),
    plan: Result<ObjectPlan, Arc<ReadError>>,
}

impl CompiledField for CompiledViewer {
    fn check(&self, inputs: Inputs<'_>) -> Result<(), ReadError> {
        let mut plans = self.promoters.iter().filter_map(|promoter| promoter.plan.as_ref().ok());
        plans.try_for_each(|plan| plan.level.check(inputs))
    }

    fn fails(&self) -> bool {
        self.promoters.iter().any(|promoter| promoter.plan.as_ref().map_or(true, ObjectPlan::fails))
    }

    fn resolve<'a>(&'a self, context: ResolveContext<'a>) -> BoxFuture<'a, Result<Option<RootValue>, ReadError>> {
        self.read(context).map(|read| Ok(Some(read))).boxed()
    }

    fn size(&self) -> usize {
        let plans = self.promoters.iter().filter_map(|promoter| promoter.plan.as_ref().ok());
        plans.map(ObjectPlan::size).sum::<usize>() + self.selected.iter().map(SelectedField::size).sum::<usize>()
    }
}

impl CompiledViewer {
    /// The viewer is never null, so an error below it belongs to its `promoter`.
    async fn read(&self, context: ResolveContext<'_>) -> RootValue {
        let ResolveContext { session, reader, inputs, currency, .. } = context;
        let (mut failures, mut rows) = (Vec::new(), HashMap::new());
        for CompiledPromoter { key, at, plan } in &self.promoters {
            let read = match plan {
                Ok(plan) => reader.one(plan, inputs).await.map_err(Arc::new),
                Err(error) => Err(Arc::clone(error)),
            };
            match read {
                Ok(row) => {
                    let row = row.unwrap_or_else(RootValue::null);
                    failures.extend(row.failures.into_iter().map(|failure| failure.below(key.as_str().into())));
                    rows.insert(key.as_str(), row.bytes);
                }
                Err(error) => failures.push(FieldFailure { path: vec![key.as_str().into()], error, at: *at }),
            }
        }
        let sees_contact_data = matches!(session.viewer, Viewer::Admin | Viewer::Analyst { pii: true });
        let bytes = object_writer::object("Viewer", &self.selected, &mut |field, out| match field.name.as_str() {
            "promoter" => out.extend_from_slice(rows.get(field.key.as_str()).map_or(b"null", Vec::as_slice)),
            "role" => object_writer::value(&json!(session.viewer.role().to_value().to_uppercase()), out),
            "currency" => object_writer::value(&json!(currency), out),
            "subject" => object_writer::value(&json!(session.subject), out),
            "seesContactData" => object_writer::value(&json!(sees_contact_data), out),
            "expiresAt" => object_writer::time(Some(session.expires_at.min(MAX_SECONDS).saturating_mul(1_000)), out),
            _ => object_writer::value(&Value::Null, out),
        });
        RootValue { bytes, failures }
    }
}
