/* SPDX-License-Identifier: Apache-2.0 */
/* Where swb keeps its things, for the server and for the commands that talk to it. */
#pragma once

struct arena;

/* In the data folder: {region, main: {accountId, accessKeyId, secretAccessKey}, hosting: …}. */
#define CLI_CLOUD_KEYS "cloud-keys.json"

/* given (--data), else $SWB_DATA, else ~/.local/share/swb. */
const char *cli_data_dir(struct arena *a, const char *given);
