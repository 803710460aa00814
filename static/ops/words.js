// @ts-check
/** The words of the operator's page, in English and Korean; which of them is spoken. */

/** @type {Record<"en" | "ko", Record<string, string>>} */
export const TABLES = {
  en: {
    title: "waka. ops",
    otherLanguage: "한국어",
    logout: "Log out",
    login: "Operator's page",
    loginNote: "With the token that the server was started with (WAKA_OPS_TOKEN).",
    token: "Token",
    enter: "Log in",
    wrongToken: "This is not the token.",
    tooMany: "Too many wrong tokens. Wait a minute.",
    unreachable: "The server does not answer.",
    now: "now",
    ago: "{n} min ago",
    seenBy: "seen by {who}",
    players: "Players",
    connections: "Connections",
    processes: "Processes",
    mazes: "Mazes",
    faults: "Faults, 1 h",
    reports: "Reports, 1 h",
    charts: "Live",
    ofProcess: "Process",
    process: "Process",
    role: "Role",
    version: "Version",
    leads: "Leads",
    state: "State",
    answering: "answers you",
    draining: "draining",
    alive: "alive",
    role_all: "all",
    role_gateway: "gateway",
    role_worker: "worker",
    maze: "Maze",
    leader: "Leader",
    epoch: "Epoch",
    tickRate: "Ticks/s",
    watchers: "Watching",
    level: "Level",
    asleep: "asleep",
    noMazes: "No maze is played.",
    moreMazes: "and {n} more",
    chartPlayers: "Players",
    chartGaps: "Frame gaps",
    chartTick: "Tick time",
    chartCommit: "Commit time",
    median: "median",
    p99: "99 %",
    nothingYet: "Nothing measured yet",
    chartSays: "{name}: {values}",
    faultsHour: "Faults of the last hour",
    reportsHour: "Reports of the last hour",
    noFaults: "None. All is well.",
    noReports: "None.",
    times: "{n} times",
    reportsWhom: "{by} reports {whom}",
    somebody: "somebody",
    reason_chat: "chat",
    reason_name: "name",
    reason_play: "play",
    noLines: "No line of chat is kept.",
    live: "Live from {instance}",
    silent: "No answer for {n} s",
    journalsAway: "The journals cannot be read now.",
  },
  ko: {
    title: "waka. 운영",
    otherLanguage: "English",
    logout: "로그아웃",
    login: "운영자 페이지",
    loginNote: "서버를 시작할 때 준 토큰(WAKA_OPS_TOKEN)을 넣으세요.",
    token: "토큰",
    enter: "로그인",
    wrongToken: "토큰이 맞지 않아요.",
    tooMany: "틀린 토큰이 너무 많아요. 1분 뒤에 다시 해 주세요.",
    unreachable: "서버가 대답하지 않아요.",
    now: "지금",
    ago: "{n}분 전",
    seenBy: "{who}에서 봄",
    players: "플레이어",
    connections: "연결",
    processes: "프로세스",
    mazes: "미로",
    faults: "장애, 1시간",
    reports: "신고, 1시간",
    charts: "실시간",
    ofProcess: "프로세스",
    process: "프로세스",
    role: "역할",
    version: "버전",
    leads: "맡은 미로",
    state: "상태",
    answering: "지금 답하는 중",
    draining: "종료 준비 중",
    alive: "살아 있음",
    role_all: "전체",
    role_gateway: "게이트웨이",
    role_worker: "워커",
    maze: "미로",
    leader: "리더",
    epoch: "에포크",
    tickRate: "틱/초",
    watchers: "관전",
    level: "레벨",
    asleep: "쉬는 중",
    noMazes: "진행 중인 미로가 없어요.",
    moreMazes: "그리고 {n}개 더",
    chartPlayers: "플레이어",
    chartGaps: "프레임 간격",
    chartTick: "틱 시간",
    chartCommit: "커밋 시간",
    median: "중앙값",
    p99: "99%",
    nothingYet: "아직 잰 값이 없어요",
    chartSays: "{name}: {values}",
    faultsHour: "지난 1시간의 장애",
    reportsHour: "지난 1시간의 신고",
    noFaults: "없어요. 모두 괜찮아요.",
    noReports: "없어요.",
    times: "{n}번",
    reportsWhom: "{by} 님이 {whom} 님을 신고",
    somebody: "누군가",
    reason_chat: "채팅",
    reason_name: "이름",
    reason_play: "플레이",
    noLines: "남은 채팅이 없어요.",
    live: "{instance}에서 실시간",
    silent: "{n}초째 대답이 없어요",
    journalsAway: "지금은 기록을 읽을 수 없어요.",
  },
};

/** @type {"en" | "ko"} */
let spoken = "en";

export const language = () => spoken;

/** @param {string} wanted a chosen language, or none @param {readonly string[]} preferred the browser's @returns {"en" | "ko"} */
export function languageOf(wanted, preferred) {
  if (wanted === "en" || wanted === "ko") return wanted;
  const known = preferred.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === "en" || tag === "ko");
  return known === "ko" ? "ko" : "en";
}

/** @param {"en" | "ko"} next */
export function speak(next) {
  spoken = next;
}

/**
 * The words of a key, what is in braces filled in as it is.
 * @param {string} key @param {Record<string, string | number>} [values]
 */
export function text(key, values = {}) {
  const words = TABLES[spoken][key] ?? key;
  return words.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
}

/** Fills all that has `data-text` or `data-label`. @param {ParentNode} root */
export function fillTexts(root) {
  for (const element of root.querySelectorAll("[data-text]")) element.textContent = text(element.getAttribute("data-text") ?? "");
  for (const element of root.querySelectorAll("[data-label]")) element.setAttribute("aria-label", text(element.getAttribute("data-label") ?? ""));
}
