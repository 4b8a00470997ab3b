//! The path of a claim: a name, a dotted path, or a JSON pointer.

use std::str::FromStr;

use serde_json::{Map, Value};

/// The path of a claim.
///
/// | Written as | Means |
/// |---|---|
/// | `role` | the claim `role` |
/// | `realm_access.roles` | the member `roles` of the claim `realm_access` |
/// | `https://example.com/role` | the claim of this name: whatever contains `://` is one name |
/// | `cognito:groups` | the claim of this name |
/// | `/resource_access/my.client/roles` | a JSON pointer (RFC 6901), for names with dots |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimPath(Vec<String>);

impl ClaimPath {
    /// The value at the path; null counts as absent.
    pub(super) fn find<'a>(&self, claims: &'a Map<String, Value>) -> Option<&'a Value> {
        let (first, rest) = self.0.split_first()?;
        let value = rest.iter().try_fold(claims.get(first)?, |value, name| value.as_object()?.get(name))?;
        (!value.is_null()).then_some(value)
    }
}

impl FromStr for ClaimPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let steps: Vec<String> = if text.contains("://") {
            vec![text.to_owned()]
        } else if let Some(pointer) = text.strip_prefix('/') {
            pointer.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect()
        } else {
            text.split('.').map(str::to_owned).collect()
        };
        if steps.iter().any(String::is_empty) {
            return Err("expected the name of a claim, like role, realm_access.roles, \
                        https://example.com/role or /resource_access/my.client/roles"
                .to_owned());
        }
        Ok(Self(steps))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_claim_is_found_by_name_path_or_pointer() {
        let claims = json!({
            "role": "a", "realm_access": {"roles": "b"}, "https://example.com/role": "c", "cognito:groups": "d",
            "resource_access": {"my.client": {"a/b": "e"}}, "list": [{"x": 1}], "nothing": null,
        });
        let find = |path: &str| path.parse::<ClaimPath>().unwrap().find(claims.as_object().unwrap()).cloned();
        assert_eq!(find("role"), Some(json!("a")));
        assert_eq!(find("realm_access.roles"), Some(json!("b")));
        assert_eq!(find("https://example.com/role"), Some(json!("c")));
        assert_eq!(find("cognito:groups"), Some(json!("d")));
        assert_eq!(find("/resource_access/my.client/a~1b"), Some(json!("e")));
        for missing in ["x", "role.x", "list.0.x", "list.0", "nothing", "realm_access"] {
            let found = find(missing).filter(|value| !value.is_object());
            assert_eq!(found, None, "{missing}");
        }
        for wrong in ["", " ", ".", "a..b", "/", "/a//b", "a."] {
            assert!(wrong.parse::<ClaimPath>().is_err(), "{wrong}");
        }
    }
}
