//! Which rows a statement counts: those of its source, in the period, that the viewer sees and the filter lets pass.

use super::StatementBuilder;
use crate::{
    auth::ViewerClass,
    read::{
        error::ReadError,
        figures::{
            dimension,
            plan::FigureRequest,
            source::{LEADS_CREATED, counted_leads},
        },
        filter,
        params::Param,
        scoped_sql::and_listed,
        selection::ArgumentValue,
    },
};

/// Of cohorts, the first interval has what is told to have happened before it. Null sorts below.
const FIRST_TIME: &str = "-9223372036854775807";

impl StatementBuilder {
    /// All conditions.
    pub(super) fn condition(&mut self, request: &FigureRequest<'_>) -> Result<String, ReadError> {
        let entity = self.entity(self.source.entity)?;
        let mut parts = Vec::new();
        if let Some(date) = self.source.date {
            let from = if request.cohorts { FIRST_TIME.to_owned() } else { self.params.bind(Param::FirstEdge) };
            let to = self.params.bind(Param::LastEdge);
            parts.push(format!("t.{date} >= {from} and t.{date} < {to}"));
        }
        if request.cohorts && self.source.lead.is_some() {
            parts.push(format!("{}{}", counted_leads!("l"), and_listed(self.entity("Lead")?, false, "l")));
        }
        if request.cohorts {
            let lead = self.cohort_lead();
            let (from, to) = (self.params.bind(Param::FirstEdge), self.params.bind(Param::LastEdge));
            parts.push(format!("{lead}.created_at_sort >= {from} and {lead}.created_at_sort < {to}"));
        }
        parts.push(format!("{}{}", self.source.condition, and_listed(entity, false, "t")));
        if self.view.viewer == ViewerClass::Promoter {
            let viewer = self.params.viewer();
            if request.cohorts && self.source.lead.is_some() {
                parts.push(format!("l.promoter_id = {viewer}"));
            }
            parts.push(format!("{} = {viewer}", self.source.promoter));
            parts.extend(self.source.own_rows.map(|rows| rows.replace("{v}", &viewer)));
        }
        if request.cohorts && self.source.lead.is_some() {
            // The sales of the leads that match, whatever plan or suspicion they have themselves.
            let mut leads = Self::new(self.view, self.params.backend, &LEADS_CREATED);
            std::mem::swap(&mut leads.params, &mut self.params);
            let filters = leads.filters(request.filter)?;
            if !filters.is_empty() {
                let (joins, filters) = (leads.join_text(), filters.join(" and "));
                parts.push(format!("t.lead_id in (select t.id from lead t{joins} where {filters})"));
            }
            self.params = leads.params;
        } else {
            parts.extend(self.filters(request.filter)?);
        }
        Ok(parts.join(" and "))
    }

    /// The conditions of the filter.
    fn filters(&mut self, filter: Option<&ArgumentValue>) -> Result<Vec<String>, ReadError> {
        let mut parts = Vec::new();
        let Some(ArgumentValue::Object(fields)) = filter else { return Ok(parts) };
        for (name, value) in fields {
            let dimension = dimension::DIMENSIONS.iter().find(|dimension| dimension.filter == name);
            let told_by = dimension::filtered(name);
            let told = dimension::find(told_by, self.source)
                .ok_or_else(|| ReadError::internal(format!("`filter.{name}` is not told by {}", self.source.name)))?;
            let (entity, field, alias) = self.told(told)?;
            let path = format!("filter.{name}");
            let (value, negated) = match (dimension, value) {
                // Unknown is not true.
                (None, ArgumentValue::Object(comparators)) => negation(comparators),
                _ => (value.clone(), false),
            };
            let predicate = filter::comparison(self.view, entity, field, &value, alias, &path, &mut self.params)?;
            parts.push(if negated { format!("{predicate} is not true") } else { predicate });
        }
        Ok(parts)
    }
}

/// `{ eq: false }` as "not `{ eq: true }`".
fn negation(comparators: &indexmap::IndexMap<String, ArgumentValue>) -> (ArgumentValue, bool) {
    let wanted = comparators.iter().map(|(name, value)| (name.as_str(), value)).collect::<Vec<_>>();
    match wanted.as_slice() {
        [("eq", ArgumentValue::Bool(false)) | ("ne", ArgumentValue::Bool(true))] => {
            let eq = [("eq".to_owned(), ArgumentValue::Bool(true))].into_iter().collect();
            (ArgumentValue::Object(eq), true)
        }
        _ => (ArgumentValue::Object(comparators.clone()), false),
    }
}
