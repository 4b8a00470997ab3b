//! `measures`: what every measure of `performance` means, as data.

use std::future::ready;

use futures_util::{FutureExt as _, future::BoxFuture};
use serde_json::{Value, json};

use super::field::{Caching, CompileContext, CompileError, CompiledField, QueryField, ResolveContext};
use crate::{
    graphql::{
        collect::RootSelection,
        cost::{CostMeasure, Exceeded},
        schema::{FieldDefinition, Schema, field, object},
    },
    read::{
        Inputs, RootValue,
        error::ReadError,
        figures::measure::{MEASURES, Measure},
        object_writer,
        selection::SelectedField,
    },
};

/// `measures`.
pub struct MeasuresField;

impl QueryField for MeasuresField {
    fn name(&self) -> &'static str {
        "measures"
    }

    fn definition(&self) -> FieldDefinition {
        field("[Measure!]!", "What every measure of `performance` means.", [])
    }

    fn define_types(&self, schema: &mut Schema) {
        let measure = object([
            ("name", field("String!", "The field of `performance`.", [])),
            ("description", field("String!", "What it is, with its formula.", [])),
            ("vendorName", field("String", "FirstPromoter's column that it is nearest to. Null if there is none.", [])),
            ("exactness", field("Exactness!", "Whether the mirror knows all that it takes.", [])),
            ("reason", field("String", "Why it is approximate. Null if it is exact.", [])),
            ("dateField", field("String", "The time that it is counted by. Null for the state now.", [])),
            ("unit", field("MeasureUnit!", "The unit of its values.", [])),
            ("dimensions", field("[PerformanceDimension!]!", "What it can be divided by.", [])),
        ]);
        schema.add("Measure", "A measure of `performance`.", measure);
        let named = |(name, text): (&str, &str)| (name.to_owned(), text.to_owned());
        schema.add_enum(
            "Exactness",
            "How exact a measure is.",
            [
                ("EXACT", "It follows from rows that the mirror has."),
                ("APPROXIMATE", "Webhooks do not tell all of it."),
            ]
            .map(named),
        );
        schema.add_enum(
            "MeasureUnit",
            "The unit of a measure's values.",
            [
                ("COUNT", "A number."),
                ("MONEY", "Money, in minor units of the account's currency (cents)."),
                ("AMOUNT", "An amount in the unit of the argument `unit`; money in minor units."),
                ("RATE", "A fraction: 0.25 is 25 %."),
                ("MILLISECONDS", "Milliseconds."),
            ]
            .map(named),
        );
    }

    fn caching(&self) -> Caching {
        Caching::Mirror
    }

    fn cost<'a>(&self, _: &mut CostMeasure<'a>, _: &RootSelection<'a>) -> Result<u64, Exceeded> {
        Ok(MEASURES.len() as u64)
    }

    fn compile(
        &self,
        context: &CompileContext<'_>,
        selection: &RootSelection<'_>,
    ) -> Result<Box<dyn CompiledField>, CompileError> {
        let selected = context.collector.below(selection, "Measure");
        let measures = MEASURES.iter().map(|measure| written(measure, &selected)).collect::<Vec<_>>();
        Ok(Box::new(CompiledMeasures([b"[".to_vec(), measures.join(&b","[..]), b"]".to_vec()].concat())))
    }
}

fn written(measure: &Measure, selected: &[SelectedField]) -> Vec<u8> {
    object_writer::object("Measure", selected, &mut |field, out| {
        let value = match field.name.as_str() {
            "name" => json!(measure.name),
            "description" => json!(measure.description),
            "vendorName" => json!(measure.vendor_name),
            "exactness" => json!(if measure.approximate.is_some() { "APPROXIMATE" } else { "EXACT" }),
            "reason" => json!(measure.approximate),
            "dateField" => json!(measure.date),
            "unit" => json!(measure.kind.unit()),
            _ => Value::from(measure.dimensions().collect::<Vec<_>>()),
        };
        object_writer::value(&value, out);
    })
}

/// The JSON, which is the same for everybody.
#[derive(Debug)]
struct CompiledMeasures(Vec<u8>);

impl CompiledField for CompiledMeasures {
    fn check(&self, _: Inputs<'_>) -> Result<(), ReadError> {
        Ok(())
    }

    fn fails(&self) -> bool {
        false
    }

    fn resolve<'a>(&'a self, _: ResolveContext<'a>) -> BoxFuture<'a, Result<Option<RootValue>, ReadError>> {
        ready(Ok(Some(self.0.clone().into()))).boxed()
    }

    fn size(&self) -> usize {
        self.0.len()
    }
}
