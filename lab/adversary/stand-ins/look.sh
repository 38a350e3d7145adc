# shellcheck shell=sh
# Which look a question belongs to, for the stand-ins `gluster` and `ssh`, which read this in. They have set `answers` and `seen`.

# $1: the question and from where. When it is asked again, and time has passed in between, a new look begins, for every question: a `sleep`
# has ended, or a second by the clock is over. Asked twice in a row it is one look at one world. Sets `look`.
# `asked-QUESTION` holds at how many moments it was asked, and when the last of them began: how many sleeps had ended, and the clock.
next_look() {
  moments='' slept='' earlier='' since=''
  [ ! -f "$seen/slept" ] || read -r slept <"$seen/slept"
  # Seconds with two digits behind the point.
  read -r now _ </proc/uptime
  now=${now%.*}${now#*.}
  [ ! -f "$seen/asked-$1" ] || read -r moments earlier since <"$seen/asked-$1"
  read -r look <"$seen/look"
  if [ -n "$since" ] && [ "${#slept}" = "$earlier" ] && [ $((now - since)) -lt 100 ]; then return; fi
  moments=${moments:-0}
  [ "$moments" -le "$look" ] || { look=$moments; printf '%s\n' "$look" >"$seen/look"; }
  printf '%s %s %s\n' $((moments + 1)) "${#slept}" "$now" >"$seen/asked-$1"
}

# Sets `phase`: which of the prepared worlds this look meets.
next_world() {
  read -r worlds afterwards <"$answers/looks"
  phase=$look
  if [ "$phase" -ge "$worlds" ]; then
    if [ "$afterwards" = starts-over ]; then phase=$((phase % worlds)); else phase=$((worlds - 1)); fi
  fi
}
