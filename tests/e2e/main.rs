//! End to end: the real binary, the real protocols, against servers in this process.

mod bad_input;
mod bench;
mod commands;
mod dispatch;
mod export;
mod last_word;
mod mail;
mod mail_bench;
mod operator;
mod options;
mod planted;
mod quarantine;
mod quarter;
mod query_tests;
mod revisions;
mod sets;
mod small;
mod smtp_server;
