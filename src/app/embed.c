/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/embed.c: files of templates/ as bytes in the program. The linker makes an object of
 * each (see meson.build) and names its ends after the file.
 */
#include "app/embed.h"

#define EMBEDDED(function, file) \
	extern const char _binary_##file##_start[], _binary_##file##_end[]; \
	str function(void) \
	{ \
		return (str){ _binary_##file##_start, \
			(size_t)(_binary_##file##_end - _binary_##file##_start) }; \
	}

EMBEDDED(embed_main_account_template, main_account_cfn_yaml)
EMBEDDED(embed_hosting_account_template, hosting_account_cfn_yaml)
