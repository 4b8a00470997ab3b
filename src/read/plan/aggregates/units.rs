//! Amounts of different units are never added.

use super::Builder;
use crate::read::{
    error::ReadError,
    model::{EntityField, FieldKind, OTHER, Statistic, constant_case},
    plan::level::undeclared,
    selection::ArgumentValue,
};

impl Builder<'_> {
    /// Refuses to add amounts of different units. Of groups by unit that have no single one, no amounts are added: the
    /// condition of those that are.
    pub fn of_one_unit(
        &mut self,
        field: &EntityField,
        unit: &str,
        statistic: Statistic,
    ) -> Result<Option<String>, ReadError> {
        let entity = self.request.entity;
        let raw = format!("{unit}Raw");
        let filtered = |name: &str| {
            let ArgumentValue::Object(fields) = self.request.filter? else { return None };
            let ArgumentValue::Object(compared) = fields.get(name)? else { return None };
            compared.get("eq")
        };
        let is_one = |value: &ArgumentValue| !matches!(value, ArgumentValue::Enum(name) if name == OTHER);
        if filtered(unit).is_some_and(is_one) || filtered(&raw).is_some() {
            return Ok(None);
        }
        let is_key = |name: &str| self.keys.iter().any(|key| key.name == name);
        let (by_unit, by_raw) = (is_key(unit), is_key(&raw));
        let unit_field = entity.field(unit).ok_or_else(|| undeclared(unit))?;
        let kind = if let FieldKind::Enum(kind) = unit_field.kind { Some(kind) } else { None };
        if by_unit || by_raw {
            let value = self.view.field(entity, unit_field, "t", &mut self.params);
            return Ok(Some(match kind {
                Some(kind) if !by_raw => kind.is_known_sql(&value),
                _ => format!("{value} is not null"),
            }));
        }
        let constant = constant_case(unit);
        let other = if kind.is_some() {
            format!("; {OTHER} is no single unit, group by {constant}_RAW or filter by `{raw}: {{ eq: ... }}` instead")
        } else {
            String::new()
        };
        Err(ReadError::bad(format!(
            "`{} {{ {} }}` would add different units: group by {constant}, or filter the list by `{unit}: {{ eq: ... }}`{other}",
            field.name,
            statistic.name(),
        )))
    }
}
