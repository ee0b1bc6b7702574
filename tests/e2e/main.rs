//! End to end: the real protocols against servers in this process.

mod dispatch;
mod smtp_server;
