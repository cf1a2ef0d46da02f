# SPDX-License-Identifier: LGPL-2.1-or-later
# bash: the program itself says what can come next, in lines of a word, a tab and what it is.

_lvsctl() {
    local line=${COMP_LINE:0:COMP_POINT} words candidate current prefix=
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=('')
    current=${words[-1]}
    # bash has a word end at these, and puts what it is given behind that.
    [[ $current == *[:=]* && $COMP_WORDBREAKS == *[:=]* ]] && prefix=${current%"${current##*[:=]}"}
    COMPREPLY=()
    while IFS= read -r candidate; do
        candidate=${candidate%%$'\t'*}
        COMPREPLY+=("${candidate#"$prefix"}")
    done < <("$1" __complete "${words[@]:1}" 2>/dev/null)
    # What is not whole yet is typed on, without a space.
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == */ ]] && compopt -o nospace
}

complete -o default -F _lvsctl lvsctl
