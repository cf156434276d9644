// The stable reasons of a Status: what programs compare, while people read its message. A reason is never renamed or reused.
#ifndef STAGECRAFT_RUNTIME_MODEL_REASONS_H_
#define STAGECRAFT_RUNTIME_MODEL_REASONS_H_

namespace stagecraft::runtime::reasons {

// ---- an event or a value in it is wrong: INVALID_ARGUMENT ----
inline constexpr char kInvalidEventId[] = "INVALID_EVENT_ID";
inline constexpr char kInvalidContactId[] = "INVALID_CONTACT_ID";
inline constexpr char kUnknownEventType[] = "UNKNOWN_EVENT_TYPE";
inline constexpr char kUnknownField[] = "UNKNOWN_FIELD";
inline constexpr char kUnknownProperty[] = "UNKNOWN_PROPERTY";
inline constexpr char kInvalidValue[] = "INVALID_VALUE";

// ---- an event does not fit what is there ----
inline constexpr char kContactNotFound[] = "CONTACT_NOT_FOUND";        // NOT_FOUND
inline constexpr char kContactExists[] = "CONTACT_EXISTS";             // ALREADY_EXISTS
inline constexpr char kContactDeleted[] = "CONTACT_DELETED";           // FAILED_PRECONDITION: it can be restored
inline constexpr char kContactNotDeleted[] = "CONTACT_NOT_DELETED";    // ALREADY_EXISTS: there is nothing to restore
inline constexpr char kSameContact[] = "SAME_CONTACT";                 // INVALID_ARGUMENT: a contact cannot be merged into itself
inline constexpr char kEventBeforeContact[] = "EVENT_BEFORE_CONTACT";  // FAILED_PRECONDITION
inline constexpr char kEventInFuture[] = "EVENT_IN_FUTURE";            // INVALID_ARGUMENT
inline constexpr char kEventIdReused[] = "EVENT_ID_REUSED";            // ALREADY_EXISTS
inline constexpr char kContactChanged[] = "CONTACT_CHANGED";           // ABORTED: see EventInput::expected_sequence
inline constexpr char kTimersBehind[] = "TIMERS_BEHIND";               // RESOURCE_EXHAUSTED: Core's bound on timers before an event
inline constexpr char kTaskNotFound[] = "TASK_NOT_FOUND";              // NOT_FOUND: no such task of the contact
inline constexpr char kUserDeactivated[] = "USER_DEACTIVATED";         // FAILED_PRECONDITION
inline constexpr char kCascadeTooLong[] = "CASCADE_TOO_LONG";          // FAILED_PRECONDITION (E4)

inline constexpr char kCompanyNotFound[] = "COMPANY_NOT_FOUND";    // NOT_FOUND
inline constexpr char kCompanyExists[] = "COMPANY_EXISTS";         // ALREADY_EXISTS
inline constexpr char kInvalidCompanyId[] = "INVALID_COMPANY_ID";  // INVALID_ARGUMENT
inline constexpr char kListNotFound[] = "LIST_NOT_FOUND";          // NOT_FOUND; in an event INVALID_ARGUMENT
inline constexpr char kListByCondition[] = "LIST_BY_CONDITION";    // FAILED_PRECONDITION; in an event INVALID_ARGUMENT
inline constexpr char kViewNotFound[] = "VIEW_NOT_FOUND";          // NOT_FOUND
inline constexpr char kDealNotFound[] = "DEAL_NOT_FOUND";          // NOT_FOUND

// ---- users: INVALID_ARGUMENT ----
inline constexpr char kInvalidUser[] = "INVALID_USER";
inline constexpr char kInvalidAbsence[] = "INVALID_ABSENCE";

// ---- a file that is read in: INVALID_ARGUMENT ----
inline constexpr char kInvalidCsv[] = "INVALID_CSV";
inline constexpr char kInvalidMapping[] = "INVALID_MAPPING";  // names a column or a property that is not there
inline constexpr char kNoIdColumn[] = "NO_ID_COLUMN";
inline constexpr char kInvalidConfig[] = "INVALID_CONFIG";

// ---- deliveries ----
inline constexpr char kDeliveryNotFound[] = "DELIVERY_NOT_FOUND";  // NOT_FOUND
inline constexpr char kAlreadySent[] = "ALREADY_SENT";             // FAILED_PRECONDITION

// ---- scripts ----
inline constexpr char kRevisionChanged[] = "REVISION_CHANGED";      // ABORTED: another deployment came first
inline constexpr char kRevisionNotFound[] = "REVISION_NOT_FOUND";   // NOT_FOUND
inline constexpr char kDeploymentRunning[] = "DEPLOYMENT_RUNNING";  // FAILED_PRECONDITION
inline constexpr char kRunsChanged[] = "RUNS_CHANGED";              // ABORTED: a rule began to run while the scripts were compiled

// ---- rules and their runs ----
inline constexpr char kRuleNotFound[] = "RULE_NOT_FOUND";        // NOT_FOUND
inline constexpr char kRuleDisabled[] = "RULE_DISABLED";         // FAILED_PRECONDITION
inline constexpr char kRuleNotByHand[] = "RULE_NOT_BY_HAND";     // FAILED_PRECONDITION
inline constexpr char kFailureNotFound[] = "FAILURE_NOT_FOUND";  // NOT_FOUND
inline constexpr char kCannotRetry[] = "CANNOT_RETRY";           // FAILED_PRECONDITION

// ---- pictures ----
inline constexpr char kNoGraphviz[] = "NO_GRAPHVIZ";             // FAILED_PRECONDITION: the tool is not installed
inline constexpr char kPictureTooLarge[] = "PICTURE_TOO_LARGE";  // RESOURCE_EXHAUSTED
inline constexpr char kPictureFailed[] = "PICTURE_FAILED";       // INTERNAL

// ---- who may call ----
inline constexpr char kTokenMissing[] = "TOKEN_MISSING";        // UNAUTHENTICATED
inline constexpr char kTokenUnknown[] = "TOKEN_UNKNOWN";        // UNAUTHENTICATED: not one of this server's
inline constexpr char kTokenExpired[] = "TOKEN_EXPIRED";        // UNAUTHENTICATED
inline constexpr char kTokenRevoked[] = "TOKEN_REVOKED";        // UNAUTHENTICATED
inline constexpr char kRoleTooLow[] = "ROLE_TOO_LOW";           // PERMISSION_DENIED
inline constexpr char kActorNotYours[] = "ACTOR_NOT_YOURS";     // PERMISSION_DENIED: in the name of somebody else
inline constexpr char kTooManyCallsOfToken[] = "RATE_LIMITED";  // RESOURCE_EXHAUSTED
inline constexpr char kTokenExists[] = "TOKEN_EXISTS";          // ALREADY_EXISTS
inline constexpr char kTokenNotFound[] = "TOKEN_NOT_FOUND";     // NOT_FOUND
inline constexpr char kInvalidToken[] = "INVALID_TOKEN";        // INVALID_ARGUMENT: of a token that is to be made
inline constexpr char kInvalidTlsFile[] = "INVALID_TLS_FILE";   // FAILED_PRECONDITION: a certificate or key cannot be used

// ---- the engine and the world around it ----
inline constexpr char kInboxFull[] = "INBOX_FULL";                      // RESOURCE_EXHAUSTED
inline constexpr char kEngineStopping[] = "ENGINE_STOPPING";            // UNAVAILABLE
inline constexpr char kEngineFailed[] = "ENGINE_FAILED";                // UNAVAILABLE: the store has failed
inline constexpr char kDiskFull[] = "DISK_FULL";                        // RESOURCE_EXHAUSTED
inline constexpr char kStoreBusy[] = "STORE_BUSY";                      // UNAVAILABLE
inline constexpr char kStoreFailed[] = "STORE_FAILED";                  // INTERNAL
inline constexpr char kStoreIo[] = "STORE_IO";                          // UNAVAILABLE: the disk fails
inline constexpr char kStoreNotWritable[] = "STORE_NOT_WRITABLE";       // FAILED_PRECONDITION
inline constexpr char kStoreTooNew[] = "STORE_TOO_NEW";                 // FAILED_PRECONDITION: made by a newer version
inline constexpr char kStoreTooOld[] = "STORE_TOO_OLD";                 // FAILED_PRECONDITION: made by an older version, and only looked at
inline constexpr char kDataFolderInUse[] = "DATA_FOLDER_IN_USE";        // FAILED_PRECONDITION
inline constexpr char kDataFolderNotFound[] = "DATA_FOLDER_NOT_FOUND";  // NOT_FOUND
inline constexpr char kNothingKept[] = "NOTHING_KEPT";                  // FAILED_PRECONDITION: there is nothing to copy
inline constexpr char kDataDamaged[] = "DATA_DAMAGED";                  // DATA_LOSS
inline constexpr char kRecordNotFound[] = "RECORD_NOT_FOUND";           // NOT_FOUND

}  // namespace stagecraft::runtime::reasons

#endif  // STAGECRAFT_RUNTIME_MODEL_REASONS_H_
