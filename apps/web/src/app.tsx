import { Navigate, Route, Routes } from 'react-router';
import { Shell } from './components/shell';
import { CandidatePage } from './features/candidates/candidate-page';
import { ReviewQueuePage } from './features/candidates/review-queue-page';
import { ComparisonPage } from './features/comparison/comparison-page';
import { DatasetPage } from './features/datasets/dataset-page';
import { DatasetsPage } from './features/datasets/datasets-page';
import { JobPage } from './features/jobs/job-page';
import { JobsPage } from './features/jobs/jobs-page';
import { LoginPage } from './features/session/login-page';
import { useSession } from './features/session/use-session';
import { TeamPage } from './features/team/team-page';
import { WorkersPage } from './features/workers/workers-page';

export function App() {
  const session = useSession();
  if (!session) return <LoginPage />;
  return (
    <Shell>
      <Routes>
        <Route path="/" element={<Navigate to="/datasets" replace />} />
        <Route path="/datasets" element={<DatasetsPage />} />
        <Route path="/datasets/:datasetId" element={<DatasetPage />} />
        <Route path="/jobs" element={<JobsPage />} />
        <Route path="/jobs/:jobId" element={<JobPage />} />
        <Route path="/candidates" element={<ReviewQueuePage />} />
        <Route path="/candidates/:candidateId" element={<CandidatePage />} />
        <Route path="/compare" element={<ComparisonPage />} />
        <Route path="/team" element={<TeamPage />} />
        <Route path="/workers" element={<WorkersPage />} />
        <Route path="*" element={<p className="empty">There is no such page.</p>} />
      </Routes>
    </Shell>
  );
}
