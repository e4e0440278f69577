/* SPDX-License-Identifier: Apache-2.0 */
/* The two account templates, part of the program: it runs whole from one file. */
#pragma once

#include "base/str.h"

str embed_main_account_template(void);
str embed_hosting_account_template(void);
