//! Builds each part of the settings and checks what only shows when settings are taken together. A part that misses a
//! value is `None`, and then the reader holds the problem that says why.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use super::keys::{Fallback, find_key};
use super::reader::Reader;
use super::settings::{
    Calendar, Delivery, Limits, LogFormat, LogSettings, MailSettings, ServeSettings, SmtpSecurity, SmtpSettings,
};
use crate::model::RagLimits;

/// A path; a relative one starts at the project directory, an absent one where its default says.
pub(super) fn read_path(reader: &Reader, project: &Path, key: &str) -> Option<PathBuf> {
    match (reader.path(key), find_key(key)?.fallback) {
        (Some(path), _) => Some(project.join(path)),
        (None, Fallback::BelowState(name)) => Some(project.join(reader.path("state.dir")?).join(name)),
        (None, _) => None,
    }
}

pub(super) fn read_limits(reader: &Reader) -> Option<Limits> {
    Some(Limits {
        memory_bytes: reader.number("limits.memory")?,
        file_bytes: reader.number("limits.file")?,
        rows: reader.number("limits.rows")?,
        columns: reader.number("limits.columns")?,
        cell_bytes: reader.number("limits.cell")?,
        expanded_bytes: reader.number("limits.expanded")?,
        expansion_ratio: reader.number("limits.expansion_ratio")?,
        quarantine_share: reader.share("limits.quarantine_share")?,
        spill_bytes: reader.number("engine.spill")?,
        query_seconds: reader.number("limits.query_seconds")?,
        threads: reader.number("engine.threads")?,
    })
}

pub(super) fn read_rag(reader: &mut Reader) -> Option<RagLimits> {
    let limits = RagLimits { on_track: reader.share("rag.on_track")?, at_risk: reader.share("rag.at_risk")? };
    if limits.at_risk > limits.on_track {
        let what = format!("{} is above `rag.on_track`, which is {}", limits.at_risk, limits.on_track);
        reader.contradict("rag.at_risk", what, "a measure is at risk below on track");
    }
    Some(limits)
}

pub(super) fn read_calendar(reader: &Reader) -> Option<Calendar> {
    Some(Calendar { added: reader.days("calendar.added")?, removed: reader.days("calendar.removed")? })
}

pub(super) fn read_serve(reader: &Reader) -> Option<ServeSettings> {
    Some(ServeSettings {
        tick_seconds: reader.number("serve.tick_seconds")?,
        drain_seconds: reader.number("serve.drain_seconds")?,
    })
}

pub(super) fn read_log(reader: &Reader, colour: bool) -> Option<LogSettings> {
    let format = match reader.text("log.format")?.as_str() {
        "json" => LogFormat::Json,
        _ => LogFormat::Human,
    };
    Some(LogSettings { filter: reader.text("log.filter")?, format, colour })
}

pub(super) fn read_mail(reader: &mut Reader, project: &Path) -> Option<MailSettings> {
    let delivery = reader.text("mail.delivery").map(|word| match word.as_str() {
        "smtp" => Delivery::Smtp,
        _ => Delivery::Files,
    });
    if delivery == Some(Delivery::Smtp) {
        for (key, hint) in [
            ("mail.smtp.host", "name the mail server"),
            ("mail.from", "name a sender of your own, such as \"Name <name@example.org>\""),
        ] {
            if !reader.is_said(key) {
                reader.contradict("mail.delivery", format!("`smtp` needs `{key}`"), hint);
            }
        }
    }
    let smtp = read_smtp(reader, project);
    Some(MailSettings {
        delivery: delivery?,
        from: reader.text("mail.from")?,
        reply_to: reader.text("mail.reply_to"),
        owner: reader.text("mail.owner"),
        smtp,
        max_message_bytes: reader.number("mail.max_message")?,
    })
}

fn read_smtp(reader: &mut Reader, project: &Path) -> Option<SmtpSettings> {
    let password = read_password(reader, project);
    let host = reader.text("mail.smtp.host");
    let user = reader.text("mail.smtp.user");
    let security = reader.text("mail.smtp.security").map(|word| match word.as_str() {
        "tls" => SmtpSecurity::Tls,
        "none" => SmtpSecurity::None,
        _ => SmtpSecurity::Starttls,
    });
    let password_said = reader.is_said("mail.smtp.password") || reader.is_said("mail.smtp.password_file");
    if reader.is_said("mail.smtp.user") && !password_said {
        let hint = "set MESUR_MAIL__SMTP__PASSWORD, or `mail.smtp.password_file`";
        reader.contradict("mail.smtp.user", "has no password", hint);
    }
    if password_said && !reader.is_said("mail.smtp.user") {
        let key = if reader.is_said("mail.smtp.password") { "mail.smtp.password" } else { "mail.smtp.password_file" };
        reader.contradict(key, "nobody logs in with it", "set `mail.smtp.user`");
    }
    let far = host.as_deref().is_some_and(|host| !["localhost", "127.0.0.1", "::1"].contains(&host));
    if security == Some(SmtpSecurity::None) && far && password_said {
        let hint = "take `starttls` or `tls`";
        reader.contradict("mail.smtp.security", "`none` would send the password in the clear", hint);
    }
    Some(SmtpSettings {
        host: host?,
        port: reader.number("mail.smtp.port")?,
        security: security?,
        user,
        password,
        ca_file: read_path(reader, project, "mail.smtp.ca_file"),
        timeout_seconds: reader.number("mail.smtp.timeout_seconds")?,
        attempts: reader.number("mail.smtp.attempts")?,
    })
}

fn read_password(reader: &mut Reader, project: &Path) -> Option<SecretString> {
    const FILE: &str = "mail.smtp.password_file";
    let given = reader.secret("mail.smtp.password");
    let Some(path) = read_path(reader, project, FILE) else { return given };
    if given.is_some() {
        reader.contradict(FILE, "`mail.smtp.password` is set as well", "give one of them");
        return None;
    }
    match std::fs::read_to_string(&path).map(|text| SecretString::from(text.trim_end_matches(['\r', '\n']))) {
        Ok(secret) if !secret.expose_secret().is_empty() => Some(secret),
        Ok(_) => {
            reader.contradict(FILE, format!("`{}` is empty", path.display()), "write the password into it");
            None
        }
        Err(error) => {
            let what = format!("cannot read `{}`: {error}", path.display());
            reader.contradict(FILE, what, "it must be a text that this user may read");
            None
        }
    }
}
