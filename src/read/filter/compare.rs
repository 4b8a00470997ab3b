//! One comparator on one field.

use super::{MAX_LIST, null};
use crate::read::{
    error::ReadError,
    global_id::{self, RowKey},
    model::{EntityField, EntityType, EnumType, FieldKind, OTHER},
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
    view: ViewerScope<'_>,
    target: &ComparedField<'_>,
    comparator: &str,
    operand: &ArgumentValue,
    params: &mut Params,
) -> Result<String, ReadError> {
    if *operand == ArgumentValue::Null {
        return Err(null(target.path));
    }
    let ComparedField { entity, field, alias, path } = *target;
    if let ArgumentValue::List(items) = operand
        && items.len() > MAX_LIST
    {
        let message = format!("`{path}` lists {} values: at most {MAX_LIST}", items.len());
        return Err(ReadError::over(message, "filterList", MAX_LIST as u64, items.len() as u64));
    }
    if let ("isNull", ArgumentValue::Bool(wanted)) = (comparator, operand) {
        let value = view.field(entity, field, alias, params);
        return Ok(if *wanted { format!("{value} is null") } else { format!("{value} is not null") });
    }
    let search = matches!(comparator, "contains" | "startsWith");
    let column = field.folded.as_deref().filter(|_| search).unwrap_or(field.column);
    let (value, guard) = view.compared(entity, field, column, alias, params);
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
                    format!(
                        "({value} is not null and not ({}))",
                        params.is_in(&value, operands(view, target, operand)?)
                    )
                }
                _ => format!("{value} {operator} {}", params.bind(single(view, target, comparator, operand)?)),
            }
        }
    };
    Ok(match guard {
        Some(guard) => format!("({guard} and {compared})"),
        None => compared,
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
    let ArgumentValue::Text(needle) = operand else { return Err(null(path)) };
    let needle = params.bind(Param::Text(folding::fold(&plain(needle, path)?)));
    let sqlite = params.backend == sea_orm::DbBackend::Sqlite;
    let found = match (comparator, sqlite) {
        ("contains", true) => format!("instr({text}, {needle}) > 0"),
        ("contains", false) => format!("strpos({text}, {needle}) > 0"),
        (_, true) => format!("substr({text}, 1, length({needle})) = {needle}"),
        (_, false) => format!("starts_with({text}, {needle})"),
    };
    Ok(format!("({found} and ({needle} <> '' or {column} is not null))"))
}

fn single(
    view: ViewerScope<'_>,
    target: &ComparedField<'_>,
    comparator: &str,
    operand: &ArgumentValue,
) -> Result<Param, ReadError> {
    match (target.field.kind, operand) {
        (FieldKind::GlobalId | FieldKind::RelatedId(_), ArgumentValue::Text(text)) => {
            Ok(match related(view, target, text)? {
                RowKey::Int(key) => Param::Int(key),
                RowKey::Text(key) => Param::Text(key),
            })
        }
        (_, ArgumentValue::Int(number)) => Ok(Param::Int(*number)),
        (_, ArgumentValue::Behind(ms)) => Ok(Param::Int(match comparator {
            "lt" | "gte" => ms + 1,
            "lte" | "gt" => *ms,
            _ => NO_TIME,
        })),
        (_, ArgumentValue::Bool(flag)) => Ok(Param::Bool(*flag)),
        (_, ArgumentValue::Text(text)) => plain(text, target.path).map(Param::Text),
        _ => Err(null(target.path)),
    }
}

fn operands(view: ViewerScope<'_>, target: &ComparedField<'_>, operand: &ArgumentValue) -> Result<Param, ReadError> {
    let ArgumentValue::List(items) = operand else { return Err(null(target.path)) };
    let (mut ints, mut texts) = (Vec::new(), Vec::new());
    for item in items {
        match single(view, target, "in", item)? {
            Param::Int(number) => ints.push(number),
            Param::Text(text) => texts.push(text),
            _ => return Err(null(target.path)),
        }
    }
    let textual = match target.field.kind {
        FieldKind::Text => true,
        FieldKind::GlobalId => target.entity.key_kind == crate::read::model::KeyKind::Text,
        _ => false,
    };
    Ok(if textual { Param::Texts(texts) } else { Param::Ints(ints) })
}

fn related(view: ViewerScope<'_>, target: &ComparedField<'_>, text: &str) -> Result<RowKey, ReadError> {
    let wanted = match target.field.kind {
        FieldKind::RelatedId(name) => {
            target.entity.relation(name).and_then(|relation| view.catalog.get(relation.target)).unwrap_or(target.entity)
        }
        _ => target.entity,
    };
    global_id::decode_as(view.catalog, wanted, text)
        .map_err(|error| ReadError::bad(format!("`{}`: {error}", target.path)))
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
