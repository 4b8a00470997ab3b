//! One comparator on one field.

use super::{MAX_LIST, null};
use crate::read::{
    error::ReadError,
    global_id,
    model::{Catalog, EntityField, EntityType, EnumType, FieldKind, KeyKind, OTHER},
    params::{Param, Params},
    scoped_sql::ViewerScope,
    selection::ArgumentValue,
};

/// Milliseconds that no stored time equals.
const NO_TIME: i64 = i64::MIN;

/// The field of a comparison.
pub struct ComparedField<'a> {
    /// The type.
    pub entity: &'a EntityType,
    /// Its field.
    pub field: &'a EntityField,
    /// The row.
    pub alias: &'a str,
    /// The path of the input, for errors.
    pub path: &'a str,
}

/// `field comparator operand` as SQL.
pub fn predicate(
    view: ViewerScope,
    target: &ComparedField<'_>,
    comparator: &str,
    operand: &ArgumentValue,
    params: &mut Params,
) -> Result<String, ReadError> {
    if *operand == ArgumentValue::Null {
        return Err(null(target.path));
    }
    let ComparedField { entity, field, alias, path } = *target;
    if let Some(items) = operand.items().filter(|items| *items > MAX_LIST) {
        let message = format!("`{path}` lists {items} values: at most {MAX_LIST}");
        return Err(ReadError::over(message, "filterList", MAX_LIST as u64, items as u64));
    }
    if let ("isNull", ArgumentValue::Bool(wanted)) = (comparator, operand) {
        let value = view.field(entity, field, alias, params);
        return Ok(if *wanted { format!("{value} is null") } else { format!("{value} is not null") });
    }
    let search = matches!(comparator, "contains" | "startsWith");
    let column = match comparator {
        "contains" | "startsWith" => field.folded.as_deref(),
        // Its index serves the order, and should serve the filter too.
        "eq" | "lt" | "lte" | "gt" | "gte" | "in" => field.number_sort_column(),
        _ => None,
    };
    let (value, guard) = view.compared(entity, field, column.unwrap_or(field.column), alias, params);
    let compared = match (search, field.kind) {
        (true, _) => searched(&value, &format!("{alias}.{}", field.column), comparator, operand, path, params)?,
        (false, FieldKind::Enum(kind)) => enumerated(kind, &value, comparator, operand, path, params)?,
        (false, _) => {
            let operator = match comparator {
                "eq" => "=",
                "ne" => "<>",
                "lt" => "<",
                "lte" => "<=",
                "gt" => ">",
                "gte" => ">=",
                "in" | "notIn" => "in",
                _ => return Err(ReadError::bad(format!("`{path}` is not a comparator"))),
            };
            match (operator, comparator) {
                ("in", "in") => params.is_in(&value, operands(view, target, operand)?),
                // Null is in no list either, not even in an empty one.
                ("in", _) => {
                    let list = operands(view, target, operand)?;
                    format!("({value} is not null and not ({}))", params.is_in(&value, list))
                }
                _ => {
                    let reader = OperandReader::new(view, target, comparator);
                    let operand = Param::of(operand, move |operand| reader.single(operand))?;
                    format!("{value} {operator} {}", params.bind(operand))
                }
            }
        }
    };
    // The sort column of null is a number.
    let present = (!search && column.is_some()).then(|| format!("{alias}.{} is not null", field.column));
    Ok(match [guard, present].into_iter().flatten().collect::<Vec<_>>().as_slice() {
        [] => compared,
        also => format!("({} and {compared})", also.join(" and ")),
    })
}

/// Case-insensitive search in a folded column, which is empty where the field is null.
fn searched(
    text: &str,
    column: &str,
    comparator: &str,
    operand: &ArgumentValue,
    path: &str,
    params: &mut Params,
) -> Result<String, ReadError> {
    let path = path.to_owned();
    let folded = move |operand: &ArgumentValue| match operand {
        ArgumentValue::Text(needle) => Ok(Param::Text(folding::fold(&plain(needle, &path)?))),
        _ => Err(null(&path)),
    };
    let needle = params.bind(Param::of(operand, folded)?);
    let sqlite = params.backend == sea_orm::DbBackend::Sqlite;
    let found = match (comparator, sqlite) {
        ("contains", true) => format!("instr({text}, {needle}) > 0"),
        ("contains", false) => format!("strpos({text}, {needle}) > 0"),
        (_, true) => format!("substr({text}, 1, length({needle})) = {needle}"),
        (_, false) => format!("starts_with({text}, {needle})"),
    };
    Ok(format!("({found} and ({needle} <> '' or {column} is not null))"))
}

/// Reads the operands of a comparison, which may come with a request.
struct OperandReader {
    catalog: &'static Catalog,
    /// The type whose ids are compared, if ids are.
    ids_of: &'static str,
    kind: FieldKind,
    comparator: String,
    path: String,
}

impl OperandReader {
    fn new(view: ViewerScope, target: &ComparedField<'_>, comparator: &str) -> Self {
        let relation = match target.field.kind {
            FieldKind::RelatedId(name) => target.entity.relation(name),
            _ => None,
        };
        Self {
            catalog: view.catalog,
            ids_of: relation.map_or(target.entity.name, |relation| relation.target),
            kind: target.field.kind,
            comparator: comparator.to_owned(),
            path: target.path.to_owned(),
        }
    }

    fn single(&self, operand: &ArgumentValue) -> Result<Param, ReadError> {
        match (self.kind, operand) {
            (FieldKind::GlobalId | FieldKind::RelatedId(_), ArgumentValue::Text(text)) => {
                let key = global_id::decode_as(self.catalog, self.ids_of, text);
                key.map(Param::from).map_err(|error| ReadError::bad(format!("`{}`: {error}", self.path)))
            }
            (_, ArgumentValue::Int(number)) => Ok(Param::Int(*number)),
            (_, ArgumentValue::Behind(ms)) => Ok(Param::Int(match self.comparator.as_str() {
                "lt" | "gte" => ms + 1,
                "lte" | "gt" => *ms,
                _ => NO_TIME,
            })),
            (_, ArgumentValue::Bool(flag)) => Ok(Param::Bool(*flag)),
            (_, ArgumentValue::Text(text)) => plain(text, &self.path).map(Param::Text),
            _ => Err(null(&self.path)),
        }
    }

    fn list(&self, operand: &ArgumentValue, textual: bool) -> Result<Param, ReadError> {
        let ArgumentValue::List(items) = operand else { return Err(null(&self.path)) };
        let (mut ints, mut texts) = (Vec::new(), Vec::new());
        for item in items {
            match self.single(item)? {
                Param::Int(number) => ints.push(number),
                Param::Text(text) => texts.push(text),
                _ => return Err(null(&self.path)),
            }
        }
        Ok(if textual { Param::Texts(texts) } else { Param::Ints(ints) })
    }
}

fn operands(view: ViewerScope, target: &ComparedField<'_>, operand: &ArgumentValue) -> Result<Param, ReadError> {
    let textual = match target.field.kind {
        FieldKind::Text => true,
        FieldKind::GlobalId => target.entity.key_kind == KeyKind::Text,
        _ => false,
    };
    let reader = OperandReader::new(view, target, "in");
    Param::of(operand, move |operand| reader.list(operand, textual))
}

/// Compares by enum value: several raw texts may mean one value, and unknown ones mean `OTHER`.
fn enumerated(
    kind: &EnumType,
    value: &str,
    comparator: &str,
    operand: &ArgumentValue,
    path: &str,
    params: &mut Params,
) -> Result<String, ReadError> {
    let names = match operand {
        ArgumentValue::Enum(name) => vec![name],
        ArgumentValue::List(items) => items
            .iter()
            .map(|item| match item {
                ArgumentValue::Enum(name) => Ok(name),
                _ => Err(null(path)),
            })
            .collect::<Result<_, _>>()?,
        _ => return Err(null(path)),
    };
    let raw = kind.values.iter().filter(|known| names.iter().any(|name| *name == known.name));
    let raw = raw.flat_map(|known| known.raw).map(|raw| (*raw).to_owned()).collect();
    let other = params.bind(Param::Bool(names.iter().any(|name| *name == OTHER)));
    let known = kind.values.iter().flat_map(|value| value.raw).map(|raw| format!("'{raw}'")).collect::<Vec<_>>();
    let found = params.is_in(value, Param::Texts(raw));
    let found = format!("({found} or ({other} and {value} not in ({})))", known.join(", "));
    Ok(match comparator {
        "eq" | "in" => found,
        _ => format!("({value} is not null and not {found})"),
    })
}

fn plain(text: &str, path: &str) -> Result<String, ReadError> {
    if text.contains('\0') {
        return Err(ReadError::bad(format!("`{path}` contains a NUL character")));
    }
    Ok(text.to_owned())
}
