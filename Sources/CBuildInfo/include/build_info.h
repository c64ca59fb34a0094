#pragma once
/// The commit that was built, or "unknown" outside git (Package.swift passes it).
const char *aismove_commit(void);
