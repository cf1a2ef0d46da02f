# SPDX-License-Identifier: LGPL-2.1-or-later
# fish: the program itself says what can come next, in lines of a word, a tab and what it is.

function __lvsctl_complete
    set -l words (commandline -opc)
    set -l program $words[1]
    set -e words[1]
    set -l candidates ($program __complete $words (commandline -ct) 2>/dev/null)
    if test (count $candidates) -gt 0
        printf '%s\n' $candidates
    else
        __fish_complete_path (commandline -ct)
    end
end

complete -c lvsctl -f -a '(__lvsctl_complete)'
