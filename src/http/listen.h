/* SPDX-License-Identifier: Apache-2.0 */
/* A socket that takes connections at a numeric address of either family. */
#pragma once

#include <stdint.h>

#include "base/str.h"

struct err;

/*
 * port 0 takes a free one. Returns the descriptor, to be closed by the caller; -1 where that
 * fails: ERR_INVALID (no numeric address), ERR_CONFLICT (taken), ERR_IO.
 */
int listen_open(str address, uint16_t port, struct err *err);

/* The port that it got; 0 where the system does not tell. */
uint16_t listen_port(int fd);
