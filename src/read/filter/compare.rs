//! One comparator on one field.

use super::{MAX_LIST, null};
use crate::read::{
    error::ReadError,
    expression::View,
    id::{self, Key},
    model::{EntityType, EnumType, Field, Kind, OTHER},
    selection::Input,
    sql::{Param, Params},
};

/// Milliseconds that no stored time is equal to.
const NO_TIME: i64 = i64::MIN;

/// What is compared.
pub struct Target<'a> {
    /// The type.
    pub entity: &'a EntityType,
    /// Its field.
    pub field: &'a Field,
    /// The row.
    pub alias: &'a str,
    /// The input, for errors.
    pub path: &'a str,
}

/// `field comparator operand` as SQL.
pub fn predicate(
    view: View<'_>,
    target: &Target<'_>,
    comparator: &str,
    operand: &Input,
    params: &mut Params,
) -> Result<String, ReadError> {
    if *operand == Input::Null {
        return Err(null(target.path));
    }
    let Target { entity, field, alias, path } = *target;
    if let Input::List(items) = operand
        && items.len() > MAX_LIST
    {
        let message = format!("`{path}` lists {} values: at most {MAX_LIST}", items.len());
        return Err(ReadError::over(message, "filterList", MAX_LIST as u64, items.len() as u64));
    }
    if let ("isNull", Input::Bool(wanted)) = (comparator, operand) {
        let value = view.field(entity, field, alias, params);
        return Ok(if *wanted { format!("{value} is null") } else { format!("{value} is not null") });
    }
    let search = matches!(comparator, "contains" | "startsWith");
    let column = field.folded.as_deref().filter(|_| search).unwrap_or(field.column);
    let (value, guard) = view.compared(entity, field, column, alias, params);
    let compared = match (search, field.kind) {
        (true, _) => searched(&value, &format!("{alias}.{}", field.column), comparator, operand, path, params)?,
        (false, Kind::Enum(kind)) => enumerated(kind, &value, comparator, operand, path, params)?,
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
    operand: &Input,
    path: &str,
    params: &mut Params,
) -> Result<String, ReadError> {
    let Input::Text(needle) = operand else { return Err(null(path)) };
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

fn single(view: View<'_>, target: &Target<'_>, comparator: &str, operand: &Input) -> Result<Param, ReadError> {
    match (target.field.kind, operand) {
        (Kind::GlobalId | Kind::RelatedId(_), Input::Text(text)) => Ok(match related(view, target, text)? {
            Key::Int(key) => Param::Int(key),
            Key::Text(key) => Param::Text(key),
        }),
        (_, Input::Int(number)) => Ok(Param::Int(*number)),
        (_, Input::Behind(ms)) => Ok(Param::Int(match comparator {
            "lt" | "gte" => ms + 1,
            "lte" | "gt" => *ms,
            _ => NO_TIME,
        })),
        (_, Input::Bool(flag)) => Ok(Param::Bool(*flag)),
        (_, Input::Text(text)) => plain(text, target.path).map(Param::Text),
        _ => Err(null(target.path)),
    }
}

fn operands(view: View<'_>, target: &Target<'_>, operand: &Input) -> Result<Param, ReadError> {
    let Input::List(items) = operand else { return Err(null(target.path)) };
    let (mut ints, mut texts) = (Vec::new(), Vec::new());
    for item in items {
        match single(view, target, "in", item)? {
            Param::Int(number) => ints.push(number),
            Param::Text(text) => texts.push(text),
            _ => return Err(null(target.path)),
        }
    }
    let textual = match target.field.kind {
        Kind::Text => true,
        Kind::GlobalId => target.entity.key_kind == crate::read::model::KeyKind::Text,
        _ => false,
    };
    Ok(if textual { Param::Texts(texts) } else { Param::Ints(ints) })
}

fn related(view: View<'_>, target: &Target<'_>, text: &str) -> Result<Key, ReadError> {
    let wanted = match target.field.kind {
        Kind::RelatedId(name) => {
            target.entity.relation(name).and_then(|relation| view.catalog.get(relation.target)).unwrap_or(target.entity)
        }
        _ => target.entity,
    };
    id::decode_as(view.catalog, wanted, text).map_err(|error| ReadError::bad(format!("`{}`: {error}", target.path)))
}

/// Compares by the enum's values: several raw texts may mean one value, and unknown ones mean `OTHER`.
fn enumerated(
    kind: &EnumType,
    value: &str,
    comparator: &str,
    operand: &Input,
    path: &str,
    params: &mut Params,
) -> Result<String, ReadError> {
    let names = match operand {
        Input::Enum(name) => vec![name],
        Input::List(items) => items
            .iter()
            .map(|item| match item {
                Input::Enum(name) => Ok(name),
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
