//! A project: its settings and what it defines.

use crate::config::Settings;
use crate::definitions::{Definitions, DefinitionsError, Job, Problem, SET_RULE_REFUSED, SET_RULE_TABLE};
use crate::disclosure::Policy;
use crate::engine::{DatasetSchema, Engine, MemoryTable, Session, SessionSource};
use crate::pack;

use super::PipelineError;
use super::error::chain;

/// A loaded project directory. No data is touched by loading it.
#[derive(Debug)]
pub struct Project {
    /// Checked settings.
    pub settings: Settings,
    /// Schemas, queries and jobs.
    pub definitions: Definitions,
}

/// What `check` looked at, if nothing is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckReport {
    /// Dataset schemas.
    pub schemas: usize,
    /// Layouts of published files.
    pub layouts: usize,
    /// Indicators.
    pub indicators: usize,
    /// Data tests.
    pub checks: usize,
    /// Jobs.
    pub jobs: usize,
    /// What should be tested and is not: one line a query.
    pub untested: Vec<String>,
    /// Gates that no command can open yet: one line a job.
    pub unmet: Vec<String>,
    /// Messages a language.
    pub messages: usize,
}

impl Project {
    /// Loads the definitions of the project that the settings point at.
    ///
    /// # Errors
    /// With every problem of every file.
    pub fn load(settings: Settings) -> Result<Self, PipelineError> {
        let definitions = Definitions::load(&settings.project_dir, &settings.zone)?;
        Ok(Self { settings, definitions })
    }

    /// The disclosure policy.
    ///
    /// # Errors
    /// When its file cannot be read or is wrong.
    pub fn load_policy(&self) -> Result<Policy, PipelineError> {
        let path = &self.settings.disclosure_policy;
        Ok(Policy::parse(&self.read_policy()?, &path.display().to_string())?)
    }

    /// The text of the disclosure policy. Confidential.
    pub(super) fn read_policy(&self) -> Result<String, PipelineError> {
        let path = &self.settings.disclosure_policy;
        std::fs::read_to_string(path).map_err(|source| PipelineError::Io {
            doing: "read the disclosure policy",
            path: path.clone(),
            source,
        })
    }

    /// What the engine needs to know of the datasets that analysts and indicators see.
    #[must_use]
    pub fn open_datasets(&self) -> Vec<DatasetSchema> {
        self.definitions.schemas.values().filter_map(super::snapshot::open_dataset).collect()
    }

    /// Checks everything that can be checked without data: rules compile, SQL plans, messages exist in both
    /// languages, the disclosure policy can be read, jobs name sections that exist. `problems` are those that a caller
    /// found before.
    ///
    /// # Errors
    /// With every problem.
    pub async fn check(&self, mut problems: Vec<Problem>) -> Result<CheckReport, PipelineError> {
        let engine = &super::workspace::open_engine(self)?;
        for schema in self.definitions.schemas.values() {
            for rule in &schema.rules {
                if let Err(error) = super::extract::compile_one(schema, rule, self.settings.programme_start) {
                    problems.push(Problem {
                        file: format!("schemas/{}.json", schema.dataset),
                        at: format!("rule {}", rule.id),
                        what: chain(&error),
                        hint: "the expression is SQL over the dataset's columns and `as_of`".to_owned(),
                    });
                }
            }
        }
        problems.extend(self.unplanned_set_rules(engine).await);
        let mut untested = Vec::new();
        match self.planning_session(engine) {
            Err(error) => problems.push(Problem {
                file: "queries/staging".to_owned(),
                at: "views".to_owned(),
                what: chain(&error),
                hint: String::new(),
            }),
            Ok(session) => {
                for indicator in self.definitions.indicators.values() {
                    let planned = super::build::plan_indicator(&session, indicator).await;
                    if let Err(error) = planned {
                        problems.push(Problem {
                            file: indicator.file.clone(),
                            at: "SQL".to_owned(),
                            what: chain(&error),
                            hint: String::new(),
                        });
                    }
                }
                for check in &self.definitions.checks {
                    if let Err(error) = session.plan_check(&check.sql).await {
                        problems.push(Problem {
                            file: format!("queries/checks/{}.sql", check.name),
                            at: "SQL".to_owned(),
                            what: chain(&error),
                            hint: String::new(),
                        });
                    }
                }
                // A fixture of a query that does not plan would only repeat what is wrong with it.
                if problems.is_empty() {
                    let found = self.check_fixtures(&session).await;
                    problems.extend(found.0);
                    untested = found.1;
                }
            }
        }
        if let Err(error) = self.load_policy() {
            problems.push(Problem {
                file: "mesur.toml".to_owned(),
                at: "disclosure.policy_file".to_owned(),
                what: chain(&error),
                hint: String::new(),
            });
        }
        problems.extend(self.unknown_sections());
        let messages = match pack::check_messages() {
            Ok(counts) => counts.values().map(|status| status.total).max().unwrap_or(0),
            Err(error) => {
                problems.push(Problem {
                    file: "messages".to_owned(),
                    at: "cy, en".to_owned(),
                    what: chain(&error),
                    hint: "every message stands in both languages".to_owned(),
                });
                0
            }
        };
        if !problems.is_empty() {
            return Err(DefinitionsError::Broken(problems).into());
        }
        Ok(CheckReport {
            schemas: self.definitions.schemas.len(),
            layouts: self.definitions.layouts.len(),
            indicators: self.definitions.indicators.len(),
            checks: self.definitions.checks.len(),
            jobs: self.definitions.jobs.len(),
            untested,
            unmet: self.unmet_gates(),
            messages,
        })
    }
}

impl Project {
    /// A session over empty tables, to plan SQL.
    pub(super) fn planning_session(&self, engine: &Engine) -> Result<Session, PipelineError> {
        let (datasets, staging) = (self.open_datasets(), super::snapshot::named(&self.definitions.staging));
        let memory = [super::snapshot::settings_parameters(&self.settings.indicators)?];
        let source =
            SessionSource { datasets: &datasets, staging: &staging, memory: &memory, ..SessionSource::empty() };
        Ok(engine.open(source)?.with_columns_of_views()?)
    }

    /// Rules over sets of rows whose SQL cannot be planned.
    async fn unplanned_set_rules(&self, engine: &Engine) -> Vec<Problem> {
        let mut problems = Vec::new();
        for schema in self.definitions.schemas.values().filter(|schema| !schema.all_set_rules().is_empty()) {
            let rows = [SET_RULE_TABLE, SET_RULE_REFUSED].map(|name| MemoryTable {
                name: name.to_owned(),
                description: "rows of the extract".to_owned(),
                schema: schema.incoming_schema(),
                batches: Vec::new(),
            });
            let datasets = self.open_datasets();
            let source = SessionSource { datasets: &datasets, memory: &rows, ..SessionSource::empty() };
            let session = engine.open(source);
            for rule in &schema.all_set_rules() {
                let planned = match &session {
                    Ok(session) => session.plan_set_rule(&rule.query, self.settings.programme_start).await,
                    // The same fault is told of the views below.
                    Err(_) => Ok(()),
                };
                if let Err(error) = planned {
                    problems.push(Problem {
                        file: format!("schemas/{}.json", schema.dataset),
                        at: format!("rule {}", rule.id),
                        what: chain(&error),
                        hint:
                            "the query reads `incoming`, `refused` and the datasets, and gives `_n` of each failing row"
                                .to_owned(),
                    });
                }
            }
        }
        problems
    }

    /// Jobs that wait for what nobody can give yet.
    fn unmet_gates(&self) -> Vec<String> {
        let waiting = self.definitions.jobs.values().filter(|job| job.approvals > 0);
        let line = |job: &Job| {
            format!(
                "jobs/{}.toml: send.approvals is {}, and approvals cannot be recorded yet: the pack is built and nothing \
                 is sent (set it to 0 and drop the step `approve`, or send the pack by hand)",
                job.name, job.approvals
            )
        };
        waiting.map(line).collect()
    }

    /// Sections that jobs name and the pack does not have.
    fn unknown_sections(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for job in self.definitions.jobs.values() {
            for section in job.sections.iter().filter(|section| !pack::SECTIONS.contains(&section.as_str())) {
                problems.push(Problem {
                    file: format!("jobs/{}.toml", job.name),
                    at: "pack.sections".to_owned(),
                    what: format!("there is no section `{section}`"),
                    hint: format!("one of {}", pack::SECTIONS.join(", ")),
                });
            }
        }
        problems
    }
}
