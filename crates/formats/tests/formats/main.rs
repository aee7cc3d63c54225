//! What every format promises, checked over the folders of samples: a new format needs a file, a sample and a line, and
//! no test of its own.

mod damage;
mod hostile;
mod identity;
mod limits;
mod own;
mod packed;
mod pairs;
mod recognition;
mod samples;
mod sarif;
mod signed;
