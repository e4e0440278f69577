/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/home.c: one answer to where the data folder is.
 */
#include "cli/home.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/file.h"

const char *
cli_data_dir(struct arena *a, const char *given)
{
	const char *home = getenv("HOME");

	if (given == NULL)
		given = getenv("SWB_DATA");
	if (given != NULL && given[0] != '\0')
		return given;
	return path_join(a, home == NULL ? "." : home, ".local/share/swb");
}
