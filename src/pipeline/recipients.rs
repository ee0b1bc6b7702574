//! Who receives a pack: the active entries of a list, from the restricted lake.

use jiff::civil::Date;

use crate::model::{Address, DatasetName, Language, Recipient};

use super::build::collect_text;
use super::{PipelineError, Workspace};

impl Workspace {
    /// The recipients of a list who are active on a day, each address once, in the order of their addresses.
    ///
    /// # Errors
    /// When the project has no dataset `recipients`, or the restricted lake cannot be read.
    pub(super) async fn recipients(&self, list: &str, day: Date) -> Result<Vec<Recipient>, PipelineError> {
        let name = DatasetName::new("recipients").expect("a lower-case word is a dataset name");
        let Some(schema) = self.project.definitions.schemas.get(&name) else {
            return Err(PipelineError::MissingReference { dataset: "recipients", what: "it has no schema".to_owned() });
        };
        let session = self.pin_restricted(schema).await?;
        let sql = "select email, language_preference, list, active_from, active_to from recipients order by email";
        let mut recipients: Vec<Recipient> = Vec::new();
        for row in collect_text(&session, sql).await? {
            let [Some(email), language, Some(on_list), from, to] = row.as_slice() else { continue };
            let day_of = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<Date>().ok());
            let active = day_of(from).is_none_or(|from| from <= day) && day_of(to).is_none_or(|to| day <= to);
            let known = recipients.iter().any(|r| r.address.expose().eq_ignore_ascii_case(email));
            if on_list != list || !active || known {
                continue;
            }
            let language = if language.as_deref() == Some("en") { Language::En } else { Language::Cy };
            recipients.push(Recipient { address: Address::new(email.clone()), language, list: on_list.clone() });
        }
        Ok(recipients)
    }
}
