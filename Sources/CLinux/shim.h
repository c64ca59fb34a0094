#pragma once
#define _GNU_SOURCE
#include <sys/xattr.h>
#include <sys/statfs.h>
#include <sys/file.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
